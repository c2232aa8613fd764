#pragma once
/// @file
/// Amounts of memory as people write them: "64m", "1.5g", "512kib".
#include <cstdint>
#include <optional>
#include <string_view>

namespace mica::dockerfile {

/// Bytes; units are powers of 1024: b k m g t p with an optional "b" or "ib", in any
/// case. Nothing for what is no such amount.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

} // namespace mica::dockerfile
