#include "registry/token.hh"

#include "auth/base64.hh"
#include "base/error.hh"
#include "registry/refusal.hh"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::registry {

namespace {

using std::chrono::seconds;

constexpr std::uint64_t answer_limit = 1024 * 1024;
constexpr std::int64_t default_lifetime = 60; ///< the specification's, where none is told
constexpr std::int64_t most_lifetime = 24 * 3600;

net::Request get_request(const TokenServer &server, const Scopes &scopes, const auth::Basic *login)
{
    auto url = server.realm;
    if (!server.service.empty())
        url = url.with_query("service", server.service);
    for (const auto &scope : scopes.texts())
        url = url.with_query("scope", scope);
    if (login != nullptr)
        url = url.with_query("account", login->user);
    net::Request request{.url = url, .tls = server.tls};
    if (login != nullptr)
        request.headers.set("Authorization", basic_header(*login));
    return request;
}

std::string form_field(std::string_view name, std::string_view value)
{
    return fmt::format("{}={}", name, net::percent_encode(value));
}

net::Request post_request(const TokenServer &server, const Scopes &scopes, const std::string &grant)
{
    std::string scope;
    for (const auto &text : scopes.texts())
        scope += (scope.empty() ? "" : " ") + text;
    return {.method = net::Method::post,
            .url = server.realm,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
            .body = fmt::format("{}&{}&{}&client_id=mica", grant, form_field("service", server.service),
                                form_field("scope", scope)),
            .tls = server.tls};
}

net::Request first_request(const TokenServer &server, const Scopes &scopes,
                           const std::optional<auth::Credential> &credential)
{
    const auto *refresh = credential ? std::get_if<auth::IdentityToken>(&credential->secret) : nullptr;
    if (refresh != nullptr)
        return post_request(server, scopes,
                            "grant_type=refresh_token&" + form_field("refresh_token", refresh->token));
    return get_request(server, scopes, credential ? std::get_if<auth::Basic>(&credential->secret) : nullptr);
}

[[noreturn]] void refuse(const net::Response &answer, const std::optional<auth::Credential> &credential)
{
    const auto who =
        credential ? fmt::format("the login from {}", credential->source) : std::string{"anonymous access"};
    auto refusal = refusal_of(answer.status, answer.headers, answer.body, answer.url.host_and_port(),
                              "a token for " + who);
    if (answer.status >= 400 && answer.status < 500 && !net::is_passing(answer.status))
        throw Error{ErrorKind::denied, refusal.message()};
    throw Refused{std::move(refusal)};
}

Token read_token(const net::Response &answer, const Scopes &scopes,
                 std::chrono::steady_clock::time_point asked)
{
    const auto document = nlohmann::json::parse(answer.body, nullptr, false);
    const auto text_of = [&](const char *name) {
        const auto found = document.find(name);
        return found != document.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    if (!document.is_object() || answer.truncated)
        throw Error{ErrorKind::denied,
                    fmt::format("the token server {} did not answer with JSON", answer.url.host_and_port())};
    auto text = text_of("token");
    if (text.empty())
        text = text_of("access_token");
    if (text.empty())
        throw Error{ErrorKind::denied,
                    fmt::format("the token server {} gave no token", answer.url.host_and_port())};
    std::int64_t lifetime = default_lifetime;
    if (const auto told = document.find("expires_in"); told != document.end() && told->is_number())
        lifetime = std::clamp<std::int64_t>(told->get<std::int64_t>(), 0, most_lifetime);
    // Old enough to end on the way is not given out any more.
    const auto margin = std::min<std::int64_t>(10, lifetime / 4);
    return {scopes, std::move(text), asked, asked + seconds{lifetime - margin}};
}

} // namespace

std::string basic_header(const auth::Basic &login)
{
    return "Basic " + auth::base64_encode(login.user + ":" + login.password);
}

Token fetch_token(net::Client &network, const TokenServer &server, const Scopes &scopes,
                  const std::optional<auth::Credential> &credential, const std::stop_token &stop)
{
    const auto asked = std::chrono::steady_clock::now();
    auto answer = network.send(first_request(server, scopes, credential), answer_limit, stop);
    const auto *login = credential ? std::get_if<auth::Basic>(&credential->secret) : nullptr;
    if (login != nullptr && (answer.status == 404 || answer.status == 405)) {
        // A server that only speaks OAuth2.
        const auto grant = fmt::format("grant_type=password&{}&{}", form_field("username", login->user),
                                       form_field("password", login->password));
        answer = network.send(post_request(server, scopes, grant), answer_limit, stop);
    }
    if (answer.status != 200)
        refuse(answer, credential);
    return read_token(answer, scopes, asked);
}

} // namespace mica::registry
