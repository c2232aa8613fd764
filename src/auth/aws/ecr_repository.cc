#include "auth/aws/ecr_repository.hh"

#include "auth/aws/ecr_api.hh"
#include "auth/aws/ecr_host.hh"
#include "auth/cloud_http.hh"
#include "base/error.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

void create_repository(KeyRing &keys, const oci::Reference &image, const std::stop_token &stop)
{
    const auto &registry = image.registry();
    const auto host = parse_ecr_host(std::string_view{registry}.substr(0, registry.find(':')));
    if (!host || host->is_public)
        throw Error{ErrorKind::unsupported,
                    fmt::format("repositories are created in ECR only, not in {}", registry)};
    std::string why;
    const auto found = keys.keys(host->region, why, stop);
    if (!found)
        throw Error{ErrorKind::denied,
                    fmt::format("there are no AWS keys to create a repository with: {}", why)};
    const nlohmann::json wanted{{"registryId", host->account}, {"repositoryName", image.repository()}};
    const auto answer = call_ecr(keys.situation(host->region, stop), keys.profile(), *host, *found,
                                 "CreateRepository", wanted.dump());
    const auto type = error_type(answer);
    if (answer.status == 200 || type == "RepositoryAlreadyExistsException")
        return;
    Error error{ErrorKind::denied, fmt::format("ECR does not create the repository {}: {} ({})",
                                               image.repository(), words_of_refusal(answer), type)};
    if (type == "AccessDeniedException")
        error.set_hint(fmt::format("{} needs ecr:CreateRepository on "
                                   "arn:aws:ecr:{}:{}:repository/{}",
                                   found->source, host->region, host->account, image.repository()));
    throw Error{std::move(error)};
}

} // namespace mica::auth::aws
