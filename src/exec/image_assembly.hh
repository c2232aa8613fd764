#pragma once
/// @file
/// A built stage becomes an image: config, history and layers brought together.
#include "base/clock.hh"
#include "exec/build.hh"
#include "oci/image.hh"
#include "plan/plan.hh"
#include <vector>

namespace mica::exec {

/// `planned` is the stage's config (history complete, without times); `layers` are
/// those of its base and of its steps. The image and the history entries after the
/// first `base_history` (the base image's own) get the time `created`. History is
/// padded where the base image had fewer entries than layers.
[[nodiscard]] oci::Image assemble(const oci::ImageConfig &planned, std::vector<oci::PlacedLayer> layers,
                                  Time created, std::size_t base_history);

} // namespace mica::exec
