#pragma once
/// @file
/// The files of a plan's input, whatever it is.
#include "exec/copy/source_view.hh"
#include "exec/step_context.hh"
#include "plan/plan.hh"
#include <memory>
#include <stop_token>

namespace mica::exec {

/// A view, and what must live as long as it and its contents are used.
struct InputView {
    std::shared_ptr<const void> keep;
    std::shared_ptr<const SourceView> view;
};

/// Reads the trees of an image's layers if need be, but no contents.
[[nodiscard]] InputView view_input(const plan::Input &input, const StepContext &context, TaskId task,
                                   const std::stop_token &stop);

} // namespace mica::exec
