#pragma once
/// @file
/// COPY and ADD: where the files come from, given to the copy engine.
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include <memory>
#include <stop_token>
#include <vector>

namespace mica::exec {

/// The changes that the step makes; contents stay readable as long as this lives.
struct CopiedFiles {
    std::vector<layer::Change> changes;
    std::shared_ptr<const void> source;
};

[[nodiscard]] CopiedFiles copied_files(const plan::CopyStep &step, const StepSite &site,
                                       const StepContext &context, const std::stop_token &stop);

} // namespace mica::exec
