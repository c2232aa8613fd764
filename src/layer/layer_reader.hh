#pragma once
/// @file
/// A layer's tar, read as changes: whiteouts become removals and opaque marks.
#include "io/stream.hh"
#include "layer/change.hh"
#include <functional>
#include <memory>
#include <stop_token>

namespace mica::layer {

/// Streams the (uncompressed) tar once. `body` is the entry's bytes, valid during
/// the call; null unless a regular file. Archive order, not path order. Names are
/// cleaned ("./a" → "a"); a name that leaves the root is an Error (integrity).
using LayerVisitor = std::function<void(const Change &change, Source *body)>;
void read_layer(std::unique_ptr<Source> tar, const LayerVisitor &visitor, const std::stop_token &stop);

} // namespace mica::layer
