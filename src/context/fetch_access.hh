#pragma once
/// @file
/// What files are fetched with, from wherever they lie.
#include "io/content.hh"
#include "net/client.hh"
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mica::context {

struct GitLogin {
    std::string user, password;
};

/// Values alone but for the client; any thread may use a copy of it.
struct FetchAccess {
    /// Made when it is first asked for.
    std::function<net::Client &()> network;
    /// Where files are put: a directory that its owner removes.
    std::filesystem::path scratch;
    /// The variables of this process: git gets PATH, the proxies and the certificates' places.
    std::map<std::string, std::string> environment;
    /// What the user lends by --secret: HTTP_AUTH_HEADER_host, HTTP_AUTH_TOKEN_host, and
    /// GIT_AUTH_HEADER[.host], GIT_AUTH_TOKEN[.host] are looked up here.
    std::map<std::string, ContentPtr> secrets;
    /// The socket of the agent that speaks for the user to ssh servers; unset: none.
    std::optional<std::filesystem::path> ssh_agent;
    /// Whether ssh may also use the user's own key files: only for what the user named, never
    /// for what a Dockerfile does.
    bool own_ssh_keys = false;
    /// Who the user is to HTTP(S) servers of repositories where neither the address nor a secret says it;
    /// and whether any certificate of theirs is believed. For what the user named alone, too.
    std::optional<GitLogin> git_login;
    bool any_git_certificate = false;
};

/// The value of Authorization for a host, from the secrets; empty: none is lent. A token becomes
/// "Bearer TOKEN" for HTTP, and basic authentication as "x-access-token" for git.
[[nodiscard]] std::string http_authorization(const FetchAccess &access, std::string_view host);
[[nodiscard]] std::string git_authorization(const FetchAccess &access, std::string_view host_and_port);

/// "basic" authentication's value.
[[nodiscard]] std::string basic_authorization(std::string_view user, std::string_view password);

} // namespace mica::context
