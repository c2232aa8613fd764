#pragma once
/// @file
/// The tar of a layer, whatever it is compressed with.
#include "io/stream.hh"
#include "oci/image.hh"
#include <memory>
#include <stop_token>

namespace mica::oci {

/// The uncompressed tar of the layer, read from where it is placed. The compression is told by
/// the first bytes, as media types are often wrong. The blob's digest and the layer's diff_id are
/// verified: a read throws Error (integrity) at the end, so a reader must read to the end
/// before it trusts what it read.
[[nodiscard]] std::unique_ptr<Source> open_layer(const PlacedLayer &layer, const std::stop_token &stop);

} // namespace mica::oci
