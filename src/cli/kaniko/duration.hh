#pragma once
/// @file
/// Spans of time as Go writes them (https://pkg.go.dev/time#ParseDuration).
#include <chrono>
#include <string_view>

namespace mica::cli::kaniko {

/// "336h", "1h30m", "1.5h", "0": numbers with units of h, m, s, ms, us (µs) and ns. Rounded down to whole
/// seconds. Throws Error (usage) for anything else, and for spans below zero or above a hundred years.
[[nodiscard]] std::chrono::seconds parse_duration(std::string_view text);

} // namespace mica::cli::kaniko
