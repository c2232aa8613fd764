#pragma once
/// @file
/// The patterns of ${x#p}, ${x%p} and ${x/p/r}: '*' is any run of characters but
/// line feeds, '?' one of them; "\*", "\?" and "\\" are the characters
/// themselves, "\}" and "\/" the separators of the form. There are no brackets.
#include <cstddef>
#include <string>
#include <string_view>

namespace mica::dockerfile {

/// Without the shortest (`longest`: the longest) match at its beginning.
/// All three throw Error (dockerfile) for another escape, and for a pattern and a
/// value that are too long to be matched in reasonable time.
[[nodiscard]] std::string remove_prefix(std::string_view value, std::string_view pattern, bool longest);
/// The same at its end.
[[nodiscard]] std::string remove_suffix(std::string_view value, std::string_view pattern, bool longest);

struct Replacement {
    std::string_view text;
    bool all = false;         ///< every match, else the leftmost one
    std::size_t max_size = 0; ///< of the result, in bytes; more is an Error
};
/// Matches are leftmost and longest.
[[nodiscard]] std::string replace(std::string_view value, std::string_view pattern,
                                  const Replacement &replacement);

} // namespace mica::dockerfile
