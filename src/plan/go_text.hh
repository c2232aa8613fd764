#pragma once
/// @file
/// Values as Go's fmt prints them. History lines contain such texts (CMD ["a" "b"],
/// HEALTHCHECK {…}), and tools read them.
#include "oci/image_config.hh"
#include <cstdint>
#include <span>
#include <string>

namespace mica::plan {

/// ["a" "b"] (%q of a list).
[[nodiscard]] std::string quoted_list(std::span<const std::string> words);
/// [a b] (%v of a list).
[[nodiscard]] std::string plain_list(std::span<const std::string> words);
/// "1m30s", "1.5s", "500ms", "0s".
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);
/// {Test:[CMD x] Interval:0s …} (%+v of the struct).
[[nodiscard]] std::string healthcheck_text(const oci::Healthcheck &check);

} // namespace mica::plan
