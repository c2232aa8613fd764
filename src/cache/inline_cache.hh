#pragma once
/// @file
/// A cache that is the image itself: its manifest says which keys led to its layers
/// (docs/formats.md, "Inline cache").
#include "cache/build_cache.hh"
#include "cache/cache_index.hh"
#include "oci/image.hh"
#include <map>
#include <optional>

namespace mica::cache {

/// Notes in the image which of the used steps made its layers.
void add_inline_keys(oci::Image &image, const std::map<CacheKey, UsedStep> &used);

/// What add_inline_keys() noted; nullopt if there is nothing. Throws Error (integrity).
[[nodiscard]] std::optional<CacheIndex> inline_index(const oci::Image &image);

} // namespace mica::cache
