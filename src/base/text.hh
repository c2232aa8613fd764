#pragma once
/// @file
/// Small string helpers that several floors need.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mica {

/// The parts between separators, empty ones kept; one part for an empty text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text, std::string_view blanks = " \t\r\n\v\f");
/// ASCII only: the languages that mica reads are case-insensitive in ASCII.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
/// The candidate nearest to `word` by edit distance, if near enough to be worth
/// a "did you mean"; ties go to the first candidate.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> candidates);

} // namespace mica
