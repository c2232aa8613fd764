#pragma once
/// @file
/// RUN --mount with its variables expanded and its defaults filled in.
#include "plan/stage_scope.hh"
#include <cstddef>
#include <vector>

namespace mica::plan {

/// One for each flag, in order. Notes secrets and ssh sockets for the outline. Throws
/// Error (dockerfile).
[[nodiscard]] std::vector<MountSpec> mounts_of(const StageScope &scope, const dockerfile::Run &run);

} // namespace mica::plan
