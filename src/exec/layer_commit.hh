#pragma once
/// @file
/// The changes of a step become a layer in the state's store.
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "oci/image.hh"
#include <stop_token>
#include <vector>

namespace mica::exec {

struct CommittedLayer {
    oci::PlacedLayer layer;
    std::vector<layer::Change> changes; ///< as written (times clamped), without contents
};

[[nodiscard]] CommittedLayer commit_layer(layer::ChangeSource &changes, const StepContext &context,
                                          const std::stop_token &stop);

} // namespace mica::exec
