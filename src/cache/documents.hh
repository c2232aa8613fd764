#pragma once
/// @file
/// Small documents packed into one layer, as they travel in a cache image: a layer is
/// what every registry takes.
#include "base/thread_pool.hh"
#include "oci/blob_store.hh"
#include "oci/image.hh"
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace mica::cache {

/// Documents by path ("trees/HEX"). Equal documents make an equal layer.
using Documents = std::map<std::string, std::string>;

/// A gzip layer in `store`.
[[nodiscard]] oci::PlacedLayer pack(const Documents &documents, const std::shared_ptr<oci::BlobStore> &store,
                                    ThreadPool &pool, const std::stop_token &stop);

/// All documents of a layer. Throws Error (integrity) for a damaged layer, and for one
/// that holds more than a cache ever needs.
[[nodiscard]] Documents unpack(const oci::PlacedLayer &layer, const std::stop_token &stop);

} // namespace mica::cache
