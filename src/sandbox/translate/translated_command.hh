#pragma once
/// @file
/// Runs one command from the agent of a workspace that has no privilege at all.
#include "sandbox/channel.hh"
#include "sandbox/chroot/chroot_command.hh"
#include "sandbox/chroot/shown_files.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/workspace_root.hh"

namespace mica::sandbox {

/// As run_in_chroot(); the plan has records.
[[nodiscard]] ChrootAnswer run_translated(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                                          Channel &channel);

} // namespace mica::sandbox
