#pragma once
/// @file
/// Which blobs of a layout are part of an image in it.
#include "base/digest.hh"
#include "oci/layout.hh"
#include <set>
#include <stop_token>

namespace mica::cache {

/// All that index.json names, directly or not. Documents that cannot be read count by
/// themselves.
[[nodiscard]] std::set<Digest> named_blobs(const oci::Layout &layout, const std::stop_token &stop);

/// Removes the blobs that no image has. Nobody else may be writing to the layout.
void remove_unnamed_blobs(const oci::Layout &layout, const std::stop_token &stop);

} // namespace mica::cache
