#pragma once
/// @file
/// A built stage becomes an image: config, history and layers brought together.
#include "base/clock.hh"
#include "exec/root_fs.hh"
#include "oci/image.hh"
#include "plan/plan.hh"
#include <vector>

namespace mica::exec {

/// `planned` is the stage's config (history complete, without times); `root` has the layers
/// of its base and of its steps. Of the history entries after the first `base_history` (the
/// base image's own) each that made a layer gets that layer's time, each other one the time
/// of the layer before it (else of the first layer, else `now`). The image is as old as its
/// last entry: one whose steps all come from a cache is the same image again. History
/// is padded where the base image had fewer entries than layers.
[[nodiscard]] oci::Image assemble(const oci::ImageConfig &planned, const RootFs &root, Time now,
                                  std::size_t base_history);

} // namespace mica::exec
