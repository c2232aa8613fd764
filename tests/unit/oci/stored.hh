#pragma once
/// @file
/// Blobs of a test, with their descriptors.
#include "oci/model.hh"
#include "support/memory_store.hh"
#include <string>

namespace mica::test {

inline oci::Descriptor store_blob(MemoryStore &store, oci::MediaType type, const std::string &bytes)
{
    return {.media_type = type, .digest = store.put(bytes), .size = bytes.size()};
}

} // namespace mica::test
