#pragma once
/// @file
/// From a source as it is written to the files that it names.
#include "exec/copy/source_view.hh"
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

/// One file or directory that a source names.
struct SourceMatch {
    std::string name; ///< path as it was found: its last component names the copy
    std::string path; ///< where that leads, links followed
};

/// Where a path of a source leads, links followed inside its root. Throws Error (io) on
/// a loop of links.
[[nodiscard]] std::string follow_source(const SourceView &view, std::string_view path);

/// The path without its escapes, each component compared as it is where the other is
/// not there ("a\*b" names "a*b").
[[nodiscard]] std::string literal_path(const SourceView &view, std::string_view path);

/// What a path with wildcards stands for, sorted, links not followed but in the
/// components before the first wildcard. "*", "?" and classes match within a component;
/// a match that is a directory is taken whole. Throws Error (not_found) if what
/// stands before the first wildcard is missing, (dockerfile) for a broken pattern.
[[nodiscard]] std::vector<std::string> expand_wildcards(const SourceView &view, std::string_view source);

/// What one source of COPY or ADD stands for: all matches of a wildcard (maybe none), else
/// the one path. Throws Error (not_found) for a path, or a link's target, that is missing.
[[nodiscard]] std::vector<SourceMatch> match_source(const SourceView &view, std::string_view source,
                                                    std::string_view ignore_file);

/// The error for a source that is not there, with the best hint that can be had.
[[noreturn]] void throw_missing(const SourceView &view, std::string_view path, std::string_view ignore_file);

} // namespace mica::exec
