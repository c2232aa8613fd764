#include "auth/aws/sts.hh"

#include "auth/aws/answers.hh"
#include "auth/aws/endpoints.hh"
#include "auth/cloud_http.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>

namespace mica::auth::aws {

namespace {

constexpr unsigned attempts = 3;
constexpr unsigned attempts_at_identity_provider = 4;
constexpr std::string_view version = "2011-06-15";

std::string region_of(const Situation &situation, const Section &profile)
{
    if (const auto region = situation.variables.first_of({"AWS_REGION", "AWS_DEFAULT_REGION"}))
        return *region;
    return profile.get("region").value_or(situation.region);
}

net::Url endpoint(const Situation &situation, const Section &profile, const std::string &region)
{
    if (auto told = configured_endpoint("sts", situation.variables, situation.profiles, profile))
        return *told;
    if (to_lower(situation.variables.get("AWS_STS_REGIONAL_ENDPOINTS").value_or("")) == "legacy")
        return net::Url::parse("https://sts.amazonaws.com/");
    const auto service = situation.variables.is_on("AWS_USE_FIPS_ENDPOINT") ? "sts-fips" : "sts";
    const auto suffix = situation.variables.is_on("AWS_USE_DUALSTACK_ENDPOINT") ? dual_stack_suffix(region)
                                                                                : dns_suffix(region);
    return net::Url::parse(fmt::format("https://{}.{}.{}/", service, region, suffix));
}

/// Letters, digits and "+=,.@_-" are what a name may have; 64 characters at most.
std::string session_name(const Situation &situation, const Role &role)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(situation.clock.now());
    auto name = role.session_name.empty() ? fmt::format("mica-{}", seconds.time_since_epoch().count())
                                          : role.session_name;
    if (name.size() > 64)
        name.resize(64);
    return name;
}

net::Request request(const Situation &situation, const net::Url &url, const Role &role,
                     std::string_view action)
{
    auto body = form({{"Action", action},
                      {"Version", version},
                      {"RoleArn", role.arn},
                      {"RoleSessionName", session_name(situation, role)}});
    if (!role.duration_seconds.empty())
        body += "&" + form({{"DurationSeconds", role.duration_seconds}});
    if (!role.external_id.empty())
        body += "&" + form({{"ExternalId", role.external_id}});
    return {.method = net::Method::post,
            .url = url,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = std::move(body),
            .timeout = std::chrono::seconds{30},
            .tls = situation.tls};
}

[[noreturn]] void refuse(const net::Response &answer, const Role &role)
{
    const auto code = xml_text(answer.body, "Code").value_or(fmt::format("HTTP status {}", answer.status));
    const auto words = xml_text(answer.body, "Message").value_or("");
    Error error{ErrorKind::denied,
                fmt::format("STS did not give the role {}: {}{}{}", role.arn, words.substr(0, 500),
                            words.empty() ? "" : " ", words.empty() ? code : "(" + code + ")")};
    if (code == "AccessDenied")
        error.set_hint("does the role's trust policy allow this identity? For OpenID Connect its conditions "
                       "must fit the token's aud and sub");
    if (code == "ExpiredTokenException")
        error.set_hint("the identity token has ended; a job gets a new one when it starts");
    throw Error{std::move(error)};
}

Keys read_keys(const net::Response &answer, const Role &role, std::string source)
{
    const auto text = [&](std::string_view name) { return xml_text(answer.body, name).value_or(""); };
    if (answer.status != 200)
        refuse(answer, role);
    Keys keys{{text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")}, {}, std::move(source)};
    if (keys.signing.id.empty() || keys.signing.secret.empty() || keys.signing.session_token.empty())
        throw Error{ErrorKind::denied, fmt::format("STS answered without keys for the role {}", role.arn)};
    if (const auto end = text("Expiration"); !end.empty())
        keys.expires = parse_rfc3339(end);
    return keys;
}

} // namespace

Keys assume_role(const Situation &situation, const Section &profile, const Role &role, const Keys &keys,
                 std::string source)
{
    const auto region = region_of(situation, profile);
    auto asked = request(situation, endpoint(situation, profile, region), role, "AssumeRole");
    const bool is_global = asked.url.host() == "sts.amazonaws.com";
    sign(asked, keys.signing, {is_global ? "us-east-1" : region, "sts"}, situation.clock.now());
    return read_keys(ask(situation.network, asked, attempts, situation.stop), role, std::move(source));
}

Keys assume_role_with_token(const Situation &situation, const Section &profile, const Role &role,
                            std::string_view token, std::string source)
{
    const auto region = region_of(situation, profile);
    auto asked = request(situation, endpoint(situation, profile, region), role, "AssumeRoleWithWebIdentity");
    std::get<std::string>(asked.body) += "&" + form({{"WebIdentityToken", trim(token)}});
    auto answer = ask(situation.network, asked, attempts, situation.stop);
    // STS could not reach the issuer: that is said with status 400, and passes.
    for (unsigned tried = 1; tried < attempts_at_identity_provider; ++tried) {
        if (xml_text(answer.body, "Code") != "IDPCommunicationError")
            break;
        net::pause_for(std::chrono::milliseconds{200} * (1U << tried), situation.stop);
        answer = ask(situation.network, asked, attempts, situation.stop);
    }
    return read_keys(answer, role, std::move(source));
}

} // namespace mica::auth::aws
