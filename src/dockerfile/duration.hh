#pragma once
/// @file
/// Durations as HEALTHCHECK has them: "1m30s", "1.5s", "300ms", "0".
#include <cstdint>
#include <string_view>

namespace mica::dockerfile {

/// Nanoseconds, rounded towards zero. Units: ns us µs ms s m h. Throws Error
/// (dockerfile) for anything else and for what does not fit in 63 bits.
[[nodiscard]] std::int64_t parse_duration(std::string_view text);

} // namespace mica::dockerfile
