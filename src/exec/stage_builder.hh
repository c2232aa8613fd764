#pragma once
/// @file
/// One stage, instruction after instruction, on its base.
#include "exec/layer_listener.hh"
#include "exec/root_fs.hh"
#include "exec/step_context.hh"
#include "plan/plan.hh"
#include <stop_token>

namespace mica::exec {

/// Builds the stage on `base`; its inputs are built already. Returns its root.
[[nodiscard]] RootFs build_stage(const plan::Stage &stage, RootFs base, const StepContext &context,
                                 const LayerListener &listener, TaskId parent, const std::stop_token &stop);

} // namespace mica::exec
