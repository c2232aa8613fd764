#pragma once
/// @file
/// A cache that others filled: of a registry, or a directory. Read-only.
#include "cache/entry.hh"
#include "oci/image.hh"
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cache {

/// All members may be called from any thread. None throws but Cancelled: what cannot be
/// read is not there, and why has been told where the cache was opened.
class SharedCache {
public:
    virtual ~SharedCache() = default;
    [[nodiscard]] virtual std::optional<CacheEntry> find(const CacheKey &key,
                                                         const std::stop_token &stop) = 0;
    /// Where its layers can be read, and mounted from.
    [[nodiscard]] virtual std::shared_ptr<const oci::BlobReader> blobs() = 0;
    /// The index of a layer (layer/layer_index.hh); empty if it is not there.
    [[nodiscard]] virtual std::string tree(const Digest &diff_id, const std::stop_token &stop) = 0;
    /// A cache mount, as a tar of the directory; nullopt: not there.
    [[nodiscard]] virtual std::optional<oci::PlacedLayer> mount(const std::string &identity,
                                                                const std::stop_token &stop) = 0;
    /// See LocalCache.
    [[nodiscard]] virtual std::vector<KeyPart> parts(const CacheKey &key, const std::stop_token &stop) = 0;
    [[nodiscard]] virtual std::vector<CacheKey> earlier(const StepPlace &place,
                                                        const std::stop_token &stop) = 0;
};

} // namespace mica::cache
