#pragma once
/// @file
/// How a git repository is written as a source: git@host:path, git://, ssh://, and
/// http(s):// with a path that ends in ".git"; then "?key=value&…" and "#ref:subdir".
#include "context/remote_source.hh"
#include <optional>
#include <string_view>

namespace mica::context {

/// A source that has the form of a git reference, in its parts.
struct GitReferenceText {
    std::string_view remote, query, fragment;
};

/// nullopt: something else.
[[nodiscard]] std::optional<GitReferenceText> find_git_reference(std::string_view source);

/// Throws Error (dockerfile) for an unknown key, a key twice, a value that cannot be, and
/// for two refs or directories that contradict each other.
[[nodiscard]] GitSource parse_git_reference(const GitReferenceText &text);

} // namespace mica::context
