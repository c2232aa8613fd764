#pragma once
/// @file
/// Flags and sources of COPY and ADD that do not go together.
#include "context/remote_source.hh"
#include "plan/plan.hh"

namespace mica::exec {

/// Throws Error (dockerfile). Looks at nothing but the step.
void check_copy_step(const plan::CopyStep &step);

/// A remote source with what the step's flags say of it (--checksum, --keep-git-dir). Throws
/// Error (dockerfile) where a flag and the source's own words contradict each other, and
/// for a checksum that is none.
[[nodiscard]] context::RemoteSource with_flags(context::RemoteSource source, const plan::CopyStep &step);

} // namespace mica::exec
