#pragma once
/// @file
/// The changes of a step become a layer in the state's store.
#include "exec/layer_listener.hh"
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

/// The listener is told while the layer is made, and once it is stored: before it is indexed.
[[nodiscard]] CommittedLayer commit_layer(layer::ChangeSource &changes, const StepContext &context,
                                          const LayerListener &listener, const std::stop_token &stop);

} // namespace mica::exec
