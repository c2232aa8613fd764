#include "auth/aws/ecr_provider.hh"
#include "auth/clouds.hh"

#include "base/error.hh"
#include <array>
#include <fmt/format.h>

namespace mica::auth {

namespace {

constexpr std::array names{std::pair{"env", Helper::environment}, std::pair{"gitlab", Helper::gitlab},
                           std::pair{"ecr", Helper::ecr}, std::pair{"google", Helper::google},
                           std::pair{"acr", Helper::azure}};

} // namespace

std::vector<Helper> usual_helpers()
{
    return {Helper::gitlab, Helper::ecr, Helper::google, Helper::azure};
}

Helper parse_helper(std::string_view name)
{
    for (const auto &[known, helper] : names)
        if (known == name)
            return helper;
    throw Error{ErrorKind::usage, fmt::format("there is no credential helper \"{}\"", name)}.with_hint(
        "there are env, google, ecr, acr and gitlab");
}

std::unique_ptr<CredentialProvider> every_provider(net::Client &network, const Variables &variables,
                                                   const Clock &clock, aws::KeyRing &keys,
                                                   std::span<const Helper> helpers, EventBus &bus,
                                                   const std::stop_token &stop)
{
    const auto make = [&](Helper helper) -> std::unique_ptr<CredentialProvider> {
        switch (helper) {
        case Helper::environment:
            return environment_provider(variables);
        case Helper::gitlab:
            return gitlab_provider(variables);
        case Helper::ecr:
            return aws::ecr_provider(keys, bus, stop);
        case Helper::google:
            return google_provider(network, variables, clock, stop);
        case Helper::azure:
            return azure_provider(network, variables, clock, stop);
        }
        throw Error{ErrorKind::internal, "a helper without a provider"};
    };
    std::vector<std::unique_ptr<CredentialProvider>> all;
    all.push_back(docker_config_provider());
    for (const auto helper : helpers)
        all.push_back(make(helper));
    return chain(std::move(all));
}

} // namespace mica::auth
