#pragma once
/// @file
/// UTF-8, one code point at a time. File names are bytes and need not be UTF-8: what
/// is none counts as U+FFFD of one byte, so that "?" matches it.
#include <cstddef>
#include <string_view>

namespace mica::context {

struct CodePoint {
    char32_t code = 0;
    std::size_t size = 0; ///< bytes; at least 1
};

constexpr char32_t replacement_character = 0xfffd;

[[nodiscard]] inline bool is_utf8_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// The first code point of a text that is not empty. Overlong forms, surrogates and
/// values past U+10FFFF are none.
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

} // namespace mica::context
