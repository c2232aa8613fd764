#pragma once
/// @file
/// Access tokens as the servers of clouds give them (RFC 6749, 4 and 5).
#include "net/client.hh"
#include <chrono>
#include <stop_token>
#include <string>

namespace mica::auth {

struct AccessToken {
    std::string text;
    std::chrono::seconds lifetime{};
};

/// Sends a form to a token server, a few times if need be; any answer. Throws net::Failure, Cancelled.
[[nodiscard]] net::Response post_form(net::Client &network, const net::Url &url, std::string fields,
                                      const std::stop_token &stop);

/// The token in an answer. Throws Error (denied): "REFUSAL: " and the server's words.
[[nodiscard]] AccessToken read_access_token(const net::Response &answer, const std::string &refusal);

} // namespace mica::auth
