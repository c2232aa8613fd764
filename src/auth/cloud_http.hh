#pragma once
/// @file
/// Asking the services of clouds for keys and tokens.
#include "auth/json_text.hh"
#include "net/client.hh"
#include "net/retry.hh"
#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::auth {

/// Sends until there is an answer that will not pass by itself, at most `attempts` times. The last
/// answer is given whatever it says; throws net::Failure when there was none, Cancelled.
[[nodiscard]] net::Response ask(net::Client &network, const net::Request &request, unsigned attempts,
                                const std::stop_token &stop);

/// The JSON object in an answer; null when there is none, or more than was read.
[[nodiscard]] nlohmann::json json_in(const net::Response &answer);

/// What a service said in its refusal, in one line of bounded length, without what looks like a
/// secret: the words of its error document, else "HTTP status 500".
[[nodiscard]] std::string words_of_refusal(const net::Response &answer);

/// "a=b&c=d" for a form.
[[nodiscard]] std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

} // namespace mica::auth
