#pragma once
/// @file
/// Runs one command from the agent of a workspace that has chroot(2), or nothing, instead of
/// namespaces.
#include "sandbox/channel.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/layer_directory.hh"
#include "sandbox/merged_directories.hh"
#include "sandbox/tree_scan.hh"
#include "sandbox/workspace_root.hh"
#include <filesystem>
#include <vector>

namespace mica::sandbox {

/// What the command is shown, and where things for it alone are put.
struct ChrootSources {
    const LayerDirectory &caches;
    MergedDirectories &merged;
    std::filesystem::path place; ///< a directory that is not there yet; removed at the end
};

struct ChrootAnswer {
    RunAnswer ended;
    std::vector<MovedFile> moved;
};

/// As run_command().
[[nodiscard]] ChrootAnswer run_in_chroot(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                                         Channel &channel);

/// The same where there is not even a chroot: the root directory's files are moved to "/", one command
/// of all workspaces at a time.
[[nodiscard]] ChrootAnswer run_in_place(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                                        Channel &channel);

} // namespace mica::sandbox
