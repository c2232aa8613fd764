#pragma once
/// @file
/// Lists what a step wrote: the upper directory of its overlay. Runs in the agent,
/// inside the user namespace if there is one, so that ids, attributes and files
/// that only the namespace's root may read are seen as the image has them.
#include "sandbox/layer_stack.hh"
#include "sandbox/overlay_form.hh"
#include "sandbox/protocol.hh"
#include <span>
#include <vector>

namespace mica::sandbox {

/// `upper` and `earlier` (the workspace's uppers before it, oldest first) are open
/// directories; `lower` is all that lies below, lowest first. In path order; the root's own entry
/// first. A file that was opened for writing, or given the owner or mode that it had, is not listed.
[[nodiscard]] std::vector<UpperEntry> walk_upper(int upper, std::span<const int> earlier,
                                                 std::span<const StackLayer> lower, OverlayForm form);

} // namespace mica::sandbox
