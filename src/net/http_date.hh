#pragma once
/// @file
/// Dates in headers (RFC 9110, 5.6.7).
#include "base/clock.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::net {

/// "Sun, 06 Nov 1994 08:49:37 GMT", and the older forms; nullopt when malformed.
[[nodiscard]] std::optional<Time> parse_http_date(std::string_view value);

/// The first of these forms.
[[nodiscard]] std::string format_http_date(Time time);

} // namespace mica::net
