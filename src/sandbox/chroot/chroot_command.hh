#pragma once
/// @file
/// Runs one command from the agent of a workspace that has chroot(2), or nothing, instead of
/// namespaces.
#include "sandbox/channel.hh"
#include "sandbox/chroot/shown_files.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/tree_scan.hh"
#include "sandbox/workspace_root.hh"
#include <vector>

namespace mica::sandbox {

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
