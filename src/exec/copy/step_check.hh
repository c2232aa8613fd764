#pragma once
/// @file
/// Flags and sources of COPY and ADD that do not go together.
#include "plan/plan.hh"

namespace mica::exec {

/// Throws Error (dockerfile). Looks at nothing but the step.
void check_copy_step(const plan::CopyStep &step);

} // namespace mica::exec
