#pragma once
/// @file
/// The cache in the state directory: one small file a key, which names a layer of the
/// state's store.
#include "cache/key.hh"
#include "oci/blob_store.hh"
#include "oci/model.hh"
#include <filesystem>
#include <optional>
#include <vector>

namespace mica::cache {

struct CachedStep {
    oci::Layer layer;
};

/// Several processes may share the directory: entries appear by rename. All members may
/// be called from any thread.
class LocalCache {
public:
    /// `store` must outlive the cache.
    LocalCache(std::filesystem::path directory, const oci::BlobStore &store)
        : directory_{std::move(directory)}, store_{store}
    {
    }

    /// An entry whose layer is in the store. A damaged entry is a miss.
    [[nodiscard]] std::optional<CachedStep> find(const CacheKey &key) const;
    /// The last one to store under a key wins. Throws Error (io).
    void store(const CacheKey &key, const std::vector<KeyPart> &parts, const CachedStep &step) const;

private:
    std::filesystem::path directory_;
    const oci::BlobStore &store_;
};

} // namespace mica::cache
