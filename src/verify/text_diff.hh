#pragma once
/// @file
/// Differences of two texts, line by line, in the unified form of POSIX diff.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

/// One step from the left text to the right one.
struct LineEdit {
    enum class Kind : unsigned char { keep, remove, add } kind{};
    std::string_view line; ///< without its newline; points into the text that has it
};

/// A shortest list of edits where the texts differ in fewer than `most_edits` lines; else what lies
/// between the common beginning and end is removed and added as a whole, so that time and memory
/// are bounded (Myers 1986: O(lines * edits)).
[[nodiscard]] std::vector<LineEdit> line_edits(std::string_view left, std::string_view right,
                                               std::size_t most_edits = 1500);

/// Hunks with three lines of context, at most `most_lines` lines of them, then a line that says how
/// many more there are. Empty if the texts are the same line by line.
[[nodiscard]] std::string unified_diff(std::string_view left, std::string_view right,
                                       std::size_t most_lines = 120);

/// Whether people can read it: UTF-8 without control characters but blanks.
[[nodiscard]] bool is_text(std::string_view bytes);

} // namespace mica::verify
