#pragma once
/// @file
/// Lists what a step wrote: the upper directory of its overlay. Runs in the agent,
/// inside the user namespace if there is one, so that ids, attributes and files
/// that only the namespace's root may read are seen as the image has them.
#include "sandbox/overlay_form.hh"
#include "sandbox/protocol.hh"
#include <span>
#include <vector>

namespace mica::sandbox {

/// `upper` and `earlier` (the workspace's uppers before it, oldest first) are open
/// directories. In path order; the root's own entry first.
[[nodiscard]] std::vector<UpperEntry> walk_upper(int upper, std::span<const int> earlier, OverlayForm form);

} // namespace mica::sandbox
