#pragma once
/// @file
/// Characters as the Dockerfile language sees them: UTF-8 code points, Unicode
/// blanks around lines, letters of any script in variable names.
#include <cstddef>
#include <string>
#include <string_view>

namespace mica::dockerfile {

/// One code point of a text. A byte that begins no valid UTF-8 sequence stands for
/// itself: it is a character of length 1 with a value beyond Unicode, and so
/// survives a decode() and append() unchanged.
struct Character {
    char32_t value = 0;
    std::size_t length = 0; ///< bytes
};

/// Values from here on are single bytes that are no UTF-8.
inline constexpr char32_t first_raw_byte = 0x110000;

/// The character at `position`, which must be inside the text.
[[nodiscard]] Character decode(std::string_view text, std::size_t position);
void append(std::string &text, char32_t value);

/// Unicode's White_Space.
[[nodiscard]] bool is_space(char32_t value);
[[nodiscard]] bool is_digit(char32_t value);
/// May stand in a variable's name: letters and digits of any script, '_'.
[[nodiscard]] bool is_name(char32_t value);
/// Has a glyph of its own (or is ' '), so that a dump can show it as it is.
[[nodiscard]] bool is_printable(char32_t value);

/// Blanks that separate words of an instruction: tab, VT, FF, CR, space.
inline constexpr std::string_view word_blanks = "\t\v\f\r ";

/// Without Unicode blanks on the left; on both sides.
[[nodiscard]] std::string_view trim_spaces_left(std::string_view text);
[[nodiscard]] std::string_view trim_spaces(std::string_view text);

} // namespace mica::dockerfile
