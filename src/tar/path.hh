#pragma once
/// @file
/// Names of outside origin brought into the form of Entry::path.
#include <cstddef>
#include <string>
#include <string_view>

namespace mica::tar {

/// The longest name and the longest link text that is taken; the kernel's own bound.
inline constexpr std::size_t max_path_length = 4096;

/// "./a//b/" and "/a/b" → "a/b"; "/" and "." → "". Throws Error (integrity) for a
/// name with a ".." component (it could leave the root), a NUL or too many bytes.
[[nodiscard]] std::string clean_path(std::string_view name);

/// Is `path` what clean_path() would give: for readers of mica's own formats.
[[nodiscard]] bool is_clean_path(std::string_view path);

/// The part before the last slash, "" if there is none.
[[nodiscard]] std::string_view parent_path(std::string_view path);
/// The part after the last slash.
[[nodiscard]] std::string_view base_name(std::string_view path);

} // namespace mica::tar
