#pragma once
/// @file
/// What changed in a git work tree.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mica::cli {

struct GitChanges {
    std::vector<std::filesystem::path> paths; ///< relative to the repository's top
    std::filesystem::path
        prefix; ///< of the directory that was asked about, from there; empty: the top itself
};

/// The files that differ between HEAD and the commit where it left `base`. nullopt: `base` names no commit
/// (all zeros: a new branch), so anything may have changed. Throws Error with what git said.
[[nodiscard]] std::optional<GitChanges> git_changes(const std::filesystem::path &directory,
                                                    const std::string &base);

} // namespace mica::cli
