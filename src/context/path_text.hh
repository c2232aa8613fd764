#pragma once
/// @file
/// Slash-separated paths as text.
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

/// The shortest path that says the same by text alone: no empty component, no ".", a
/// ".." only where nothing stands before it to be cancelled. Empty text becomes ".".
/// A leading slash stays, a trailing one goes ("Clean" of the reference builder's language).
[[nodiscard]] std::string clean_path(std::string_view path);

/// The form of tar::Entry::path for a path seen from a root: "/a/../../b/./c/" → "b/c".
[[nodiscard]] std::string rooted_path(std::string_view path);

/// "a/b" and "c" → "a/b/c"; either may be empty.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view child);

/// What stands before the last slash; empty if there is none.
[[nodiscard]] std::string_view parent_path(std::string_view path);
[[nodiscard]] std::string_view base_name(std::string_view path);

/// Whether `path` is `directory` or lies in it; everything lies in "".
[[nodiscard]] bool is_at_or_below(std::string_view path, std::string_view directory);

/// White space of Unicode at both ends dropped.
[[nodiscard]] std::string_view trim_unicode(std::string_view text);

} // namespace mica::context
