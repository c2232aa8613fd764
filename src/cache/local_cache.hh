#pragma once
/// @file
/// The cache in the state directory: one small file a key, which names a layer of the
/// state's store (docs/formats.md, "Local cache").
#include "cache/entry.hh"
#include "oci/layout.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace mica::cache {

/// Several processes may share the directory: files appear by rename. What is found is
/// marked as used, under the lock that pruning holds when it decides (prune.hh), so that
/// no layer goes between being found and being used. All members may be called from any
/// thread.
class LocalCache {
public:
    /// `store` must outlive the cache.
    LocalCache(std::filesystem::path directory, const oci::Layout &store)
        : directory_{std::move(directory)}, store_{store}
    {
    }

    /// An entry whose layer is in the store. A damaged entry is a miss.
    [[nodiscard]] std::optional<CacheEntry> find(const CacheKey &key, const std::stop_token &stop) const;
    /// The last one to store under a key wins. `parts` may be empty: for a second key of
    /// the same step. Throws Error (io).
    void store(const CacheKey &key, const CacheEntry &entry, const std::vector<KeyPart> &parts) const;

    /// What a key was made of; empty if that is not known.
    [[nodiscard]] std::vector<KeyPart> parts(const CacheKey &key) const;
    /// Keys that steps at this place, or of this text in this stage, had; newest first.
    [[nodiscard]] std::vector<CacheKey> earlier(const StepPlace &place) const;

private:
    void remember(const std::filesystem::path &list, const CacheKey &key) const;

    std::filesystem::path directory_;
    const oci::Layout &store_;
};

} // namespace mica::cache
