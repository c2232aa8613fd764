#pragma once
/// @file
/// COPY --parents: the path of a source is kept, from the root or from its pivot "/./".
#include "exec/copy/copier.hh"
#include <string>
#include <string_view>

namespace mica::exec {

/// "a/b/./c/*" is what "c/*" means in "a/b"; without a pivot the base is the root.
struct PivotedSource {
    std::string base, pattern; ///< rooted paths; an empty pattern is everything
    bool operator==(const PivotedSource &) const = default;
};
[[nodiscard]] PivotedSource split_at_pivot(std::string_view source);

/// Copies what the source stands for, with the directories on the way to it. Patterns have
/// "**" besides the usual wildcards; without one the path must be there. Throws Error
/// (not_found), (dockerfile) for a path through a symbolic link: its directories could
/// not be kept.
void copy_with_parents(Copier &copier, const SourceView &view, std::string_view source,
                       std::string_view ignore_file);

} // namespace mica::exec
