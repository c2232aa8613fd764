#include "auth/docker_config.hh"

#include "auth/base64.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

using Json = nlohmann::json;
constexpr std::size_t auth_limit = 64 * 1024;

std::string text_of(const Json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// "auth" is the base64 of "user:password"; docker pads the password with NULs.
void read_auth(const std::string &text, DockerConfig::Login &login, const std::string &server,
               const std::string &where)
{
    const auto plain = text.size() > auth_limit ? std::nullopt : base64_decode(text);
    const auto colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos)
        throw Error{ErrorKind::usage,
                    fmt::format("{}: \"auth\" of {} is not the base64 of \"user:password\"", where, server)};
    login.user = plain->substr(0, colon);
    login.password = plain->substr(colon + 1);
    login.password.resize(login.password.find_last_not_of('\0') + 1);
}

DockerConfig::Login read_login(const Json &entry, const std::string &server, const std::string &where)
{
    DockerConfig::Login login{text_of(entry, "username"), text_of(entry, "password"),
                              text_of(entry, "identitytoken"), text_of(entry, "registrytoken")};
    if (const auto auth = text_of(entry, "auth"); !auth.empty())
        read_auth(auth, login, server, where);
    return login;
}

bool says_something(const DockerConfig::Login &login)
{
    return !login.user.empty() || !login.password.empty() || !login.identity_token.empty() ||
           !login.registry_token.empty();
}

const Json *object_in(const Json &document, const char *name, const std::string &where)
{
    const auto found = document.find(name);
    if (found == document.end() || found->is_null())
        return nullptr;
    if (!found->is_object())
        throw Error{ErrorKind::usage, fmt::format("{}: \"{}\" is no object", where, name)};
    return &*found;
}

} // namespace

std::string normalize_server(std::string_view key)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if (key.starts_with(scheme))
            key.remove_prefix(scheme.size());
    const auto strip = [&](std::string_view tail) {
        if (key.ends_with(tail))
            key.remove_suffix(tail.size());
    };
    strip("/");
    strip("/v1");
    strip("/v2");
    const auto slash = std::min(key.find('/'), key.size());
    auto host = to_lower(key.substr(0, slash));
    if (host == "index.docker.io" || host == "registry-1.docker.io")
        host = "docker.io";
    return host + std::string{key.substr(slash)};
}

DockerConfig parse_docker_config(std::string_view json, const std::string &where)
{
    const auto document = Json::parse(json, nullptr, false);
    if (!document.is_object())
        throw Error{ErrorKind::usage, fmt::format("{} is no JSON object", where)};
    DockerConfig config;
    config.store = text_of(document, "credsStore");
    if (const auto *helpers = object_in(document, "credHelpers", where))
        for (const auto &[server, helper] : helpers->items())
            if (helper.is_string())
                config.helpers.insert_or_assign(normalize_server(server), helper.get<std::string>());
    if (const auto *logins = object_in(document, "auths", where))
        for (const auto &[server, entry] : logins->items())
            if (entry.is_object())
                if (auto login = read_login(entry, server, where); says_something(login))
                    config.logins.insert_or_assign(normalize_server(server), std::move(login));
    return config;
}

} // namespace mica::auth
