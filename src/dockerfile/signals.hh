#pragma once
/// @file
/// Names of Linux signals, for STOPSIGNAL.
#include <optional>
#include <string_view>

namespace mica::dockerfile {

/// "9", "KILL", "sigkill", "RTMIN+3"; nothing for what is no signal.
[[nodiscard]] std::optional<int> parse_signal(std::string_view text);

} // namespace mica::dockerfile
