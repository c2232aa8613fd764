#pragma once
/// @file
/// Getting a bearer token from the server that a challenge names (distribution's token
/// specification, and OAuth2 for refresh tokens).
#include "auth/credentials.hh"
#include "net/client.hh"
#include "registry/scope.hh"
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace mica::registry {

struct TokenServer {
    net::Url realm;
    std::string service;
    std::shared_ptr<const net::Tls> tls{}; ///< what it has to prove; null: the client's own
    bool operator==(const TokenServer &) const = default;
};

struct Token {
    Scopes scopes; ///< that were asked for
    std::string text;
    std::chrono::steady_clock::time_point fetched, expires; ///< `expires` leaves time to use it
};

/// One exchange. Throws Error (denied) when the server refuses, Refused for its other statuses
/// and net::Failure. `credential` may be empty: anonymous.
[[nodiscard]] Token fetch_token(net::Client &network, const TokenServer &server, const Scopes &scopes,
                                const std::optional<auth::Credential> &credential,
                                const std::stop_token &stop);

/// "Basic …".
[[nodiscard]] std::string basic_header(const auth::Basic &login);

} // namespace mica::registry
