#include "auth/aws/sso_keys.hh"

#include "auth/aws/endpoints.hh"
#include "auth/cloud_http.hh"
#include "base/error.hh"
#include "io/fd.hh"
#include "io/hash.hh"
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace mica::auth::aws {

namespace {

constexpr std::uint64_t token_limit = 256 * 1024;
constexpr unsigned attempts = 3;

/// What "aws sso login" names its files by.
std::string sha1_hex(const std::string &text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha1(), nullptr) != 1)
        throw Error{ErrorKind::internal, "SHA-1 failed"};
    std::string out;
    for (unsigned i = 0; i < size; ++i)
        out += fmt::format("{:02x}", bytes.at(i));
    return out;
}

struct Portal {
    std::string cached_as, region;
};

Portal portal(const Situation &situation, const Section &profile, const std::string &whose)
{
    const auto session_name = profile.get("sso_session");
    if (!session_name)
        return {profile.need("sso_start_url", whose), profile.need("sso_region", whose)};
    const auto session = situation.profiles.section("sso-session", *session_name);
    if (!session)
        throw Error{ErrorKind::usage,
                    fmt::format("{} names the sso_session \"{}\", which is nowhere", whose, *session_name)};
    return {*session_name, session->need("sso_region", fmt::format("the sso-session {}", *session_name))};
}

std::string access_token(const Situation &situation, const Portal &portal, const std::string &name)
{
    const auto how = fmt::format("run \"aws sso login --profile {}\"", name);
    const auto file =
        situation.variables.in_home(fmt::format(".aws/sso/cache/{}.json", sha1_hex(portal.cached_as)));
    try {
        if (!file)
            throw Error{ErrorKind::not_found, "HOME is not set"};
        const auto document = nlohmann::json::parse(read_file(*file, token_limit), nullptr, false);
        auto token = text_in(document, "accessToken");
        const auto end = text_in(document, "expiresAt");
        if (token.empty() || end.empty() || parse_rfc3339(end) <= situation.clock.now())
            throw Error{ErrorKind::denied, "the login to IAM Identity Center has ended"};
        return token;
    } catch (const Error &error) {
        if (error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::denied)
            throw Error{ErrorKind::denied, "the login to IAM Identity Center cannot be read"}.with_hint(how);
        throw Error{ErrorKind::denied, error.kind() == ErrorKind::denied
                                           ? error.message()
                                           : std::string{"there is no login to IAM Identity Center"}}
            .with_hint(how);
    }
}

} // namespace

std::optional<Keys> sso_keys(const Situation &situation, const Section &profile, const std::string &name)
{
    if (!profile.get("sso_account_id") && !profile.get("sso_role_name"))
        return std::nullopt;
    const auto whose = fmt::format("the AWS profile {}", name);
    const auto source = fmt::format("SSO of the AWS profile {}", name);
    return in_context(
        [&] { return "asking for " + source; },
        [&]() -> Keys {
            const auto at = portal(situation, profile, whose);
            const auto told = configured_endpoint("sso", situation.variables, situation.profiles, profile);
            const auto url = told ? *told
                                  : net::Url::parse(fmt::format("https://portal.sso.{}.{}/", at.region,
                                                                dns_suffix(at.region)));
            const net::Request request{
                .url = url.resolve("/federation/credentials")
                           .with_query("role_name", profile.need("sso_role_name", whose))
                           .with_query("account_id", profile.need("sso_account_id", whose)),
                .headers = {{"x-amz-sso_bearer_token", access_token(situation, at, name)}},
                .max_redirects = 0,
                .tls = situation.tls};
            const auto answer = ask(situation.network, request, attempts, situation.stop);
            const auto document = json_in(answer);
            const auto found = document.is_object() && answer.status == 200
                                   ? document.value("roleCredentials", nlohmann::json{})
                                   : nlohmann::json{};
            Keys keys{{text_in(found, "accessKeyId"), text_in(found, "secretAccessKey"),
                       text_in(found, "sessionToken")},
                      {},
                      source};
            if (keys.signing.id.empty() || keys.signing.secret.empty())
                throw Error{ErrorKind::denied,
                            fmt::format("IAM Identity Center gave no keys: {}", words_of_refusal(answer))};
            if (const auto end = found.find("expiration"); end != found.end() && end->is_number_integer())
                keys.expires = from_unix(end->get<std::int64_t>() / 1000);
            return keys;
        });
}

} // namespace mica::auth::aws
