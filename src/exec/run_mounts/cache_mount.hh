#pragma once
/// @file
/// RUN --mount=type=cache.
#include "exec/step_context.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <stop_token>
#include <string>

namespace mica::exec {

/// What tells caches apart: the id and, for one with first content, where that is from.
[[nodiscard]] std::string cache_identity(const plan::MountSpec &spec, const StepContext &context);

/// `spec` and `context` must outlive the mount.
[[nodiscard]] sandbox::Mount cache_mount(const plan::MountSpec &spec, const StepContext &context,
                                         TaskId task);

} // namespace mica::exec
