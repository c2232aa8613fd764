#pragma once
/// @file
/// Who wants to hear of the layers that a built image will have.
#include "oci/growing_blob.hh"
#include "oci/image.hh"
#include <functional>
#include <memory>

namespace mica::exec {

/// Both may be empty. Called from any thread; they return at once.
struct LayerListener {
    /// A layer is being made, and can be read meanwhile. It may come to nothing.
    std::function<void(std::shared_ptr<const oci::GrowingBlob>)> begun{};
    /// It is in the store. Also told of layers that were there before.
    std::function<void(const oci::PlacedLayer &)> made{};
};

} // namespace mica::exec
