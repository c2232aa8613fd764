#pragma once
/// @file
/// RUN: a command in the stage's workspace, and what it changed.
#include "exec/run_mounts/run_mounts.hh"
#include "exec/stage_workspace.hh"
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include <memory>
#include <stop_token>

namespace mica::exec {

/// Runs the command to its end, output as events of the site's task. The changes stay
/// readable while `workspace` lives. Throws Error (command_failed) with the command's
/// own status.
[[nodiscard]] std::unique_ptr<layer::ChangeSource>
run_changes(const plan::RunStep &step, const RunMounts &mounts, const StepSite &site,
            StageWorkspace &workspace, const StepContext &context, const std::stop_token &stop);

} // namespace mica::exec
