#pragma once
/// @file
/// All that a stage changed, as one layer.
#include "exec/root_fs.hh"
#include "exec/step_context.hh"
#include <stop_token>

namespace mica::exec {

/// `base` with one layer more, or none where `root` is the same: files that a step made and a later one
/// removed are in no layer. `root` is `base` and what the stage's steps added.
[[nodiscard]] RootFs squashed(const RootFs &root, const RootFs &base, const StepContext &context,
                              TaskId parent, const std::stop_token &stop);

/// The history of an image whose last `layers` layers became `left`: the last entry that had one of them has
/// what is left, if anything.
void squash_history(std::vector<oci::History> &history, std::size_t layers, std::size_t left);

} // namespace mica::exec
