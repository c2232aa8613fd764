#pragma once
/// @file
/// Text of outside origin, safe to show.
#include <cstddef>
#include <string>
#include <string_view>

namespace mica::verify {

/// Control characters and what is not UTF-8 become escapes (\x1b); newlines too, unless they are kept.
[[nodiscard]] std::string printable(std::string_view text, bool keep_newlines);

/// At most so many bytes, not cut within a character.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t most);

} // namespace mica::verify
