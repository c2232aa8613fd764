#include "auth/aws/ecr_token.hh"

#include "auth/aws/ecr_api.hh"
#include "auth/base64.hh"
#include "auth/cloud_http.hh"
#include "base/error.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

namespace {

constexpr std::chrono::hours usual_lifetime{12};

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
    const auto document = json_in(answer);
    // One list, one object: the two services differ.
    auto data =
        document.is_object() ? document.value("authorizationData", nlohmann::json{}) : nlohmann::json{};
    if (data.is_array() && !data.empty())
        data = nlohmann::json(data.front());
    const auto plain = base64_decode(text_in(data, "authorizationToken"));
    const auto colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos)
        throw Error{ErrorKind::denied, fmt::format("ECR in {} answered without a login", host.region)};
    const auto now = situation.clock.now();
    EcrToken token{{plain->substr(0, colon), plain->substr(colon + 1)}, now, now + usual_lifetime};
    if (const auto end = data.find("expiresAt"); end != data.end() && end->is_number())
        token.expires = from_unix(static_cast<std::int64_t>(end->get<double>()));
    else if (end != data.end() && end->is_string())
        token.expires = parse_rfc3339(end->get<std::string>());
    return token;
}

} // namespace mica::auth::aws
