#pragma once
/// @file
/// WORKDIR: the directory and its parents come into being.
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include <stop_token>
#include <vector>

namespace mica::exec {

/// The directories that are missing, 0755, owned by the step's user; links in the
/// path are followed inside the root. None missing: an empty list. Throws Error
/// (dockerfile) when something on the path is no directory.
[[nodiscard]] std::vector<layer::Change> workdir_changes(const plan::WorkdirStep &step, const StepSite &site,
                                                         const StepContext &context,
                                                         const std::stop_token &stop);

} // namespace mica::exec
