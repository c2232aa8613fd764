#include "auth/aws/ecr_token.hh"

#include "auth/aws/ecr_api.hh"
#include "auth/cloud_http.hh"
#include "base/error.hh"
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

[[noreturn]] void refuse(const net::Response &answer, const EcrHost &host, const Keys &keys)
{
    const auto type = error_type(answer);
    Error error{ErrorKind::denied,
                fmt::format("ECR in {} gave no login to {}: {}{}", host.region, keys.source,
                            words_of_refusal(answer), type.empty() ? "" : fmt::format(" ({})", type))};
    if (type == "AccessDeniedException")
        error.set_hint(host.is_public ? "the identity needs ecr-public:GetAuthorizationToken and "
                                        "sts:GetServiceBearerToken"
                                      : "the identity needs ecr:GetAuthorizationToken on \"*\"");
    if (type == "ExpiredTokenException")
        error.set_hint("the temporary AWS keys have ended");
    throw Error{std::move(error)};
}

} // namespace

EcrToken get_authorization_token(const Situation &situation, const Section &profile, const EcrHost &host,
                                 const Keys &keys)
{
    const auto answer = call_ecr(situation, profile, host, keys, "GetAuthorizationToken", "{}");
    if (answer.status != 200)
        refuse(answer, host, keys);
    auto token = parse_authorization(answer.body, situation.clock.now());
    if (!token)
        throw Error{ErrorKind::denied, fmt::format("ECR in {} answered without a login", host.region)};
    return std::move(*token);
}

} // namespace mica::auth::aws
