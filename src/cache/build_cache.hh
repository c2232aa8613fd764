#pragma once
/// @file
/// The caches of one build as one: shared ones, then the machine's own; and what the build
/// took from them or added, for those who export it.
#include "base/clock.hh"
#include "base/event.hh"
#include "base/guarded.hh"
#include "cache/file_digests.hh"
#include "cache/local_cache.hh"
#include "cache/mount_layers.hh"
#include "cache/shared_cache.hh"
#include "oci/image.hh"
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cache {

struct FoundStep {
    CacheEntry entry;
    oci::PlacedLayer layer; ///< in the state's store if it is there, else where the cache is
};

/// A step of this build, done or found.
struct UsedStep {
    CacheEntry entry;
    oci::PlacedLayer layer;
    std::vector<KeyPart> parts{}; ///< empty: not known
    bool is_new = false;          ///< no shared cache had it
};

/// All members may be called from any thread.
class BuildCache {
public:
    /// `bus` must outlive it. `oldest`: what the machine's own cache has from before is not used.
    BuildCache(const std::filesystem::path &directory, std::shared_ptr<oci::Layout> store,
               std::vector<std::shared_ptr<SharedCache>> shared, EventBus &bus,
               std::optional<Time> oldest = {})
        : store_{std::move(store)}, local_{directory, *store_}, oldest_{oldest}, shared_{std::move(shared)},
          bus_{bus}, digests_{directory / "file-digests"}
    {
    }
    ~BuildCache() { digests_.save(); }
    BuildCache(const BuildCache &) = delete;
    BuildCache &operator=(const BuildCache &) = delete;

    [[nodiscard]] FileDigests &digests() noexcept { return digests_; }

    /// A shared cache answers first: builds that share one then agree on the layers below,
    /// and find each other's steps above them. Throws Cancelled.
    [[nodiscard]] std::optional<FoundStep> find(const CacheKey &key, const std::stop_token &stop);
    /// Keeps a step in the state directory. One that cannot be kept is a warning.
    void store(const CacheKey &key, const CacheEntry &entry, const std::vector<KeyPart> &parts);
    /// The index of a layer, from a shared cache; empty: not there.
    [[nodiscard]] std::string tree(const Digest &diff_id, const std::stop_token &stop);

    /// What a shared cache has of a cache mount; nullopt: nothing.
    [[nodiscard]] std::optional<oci::PlacedLayer> mount(const std::string &identity,
                                                        const std::stop_token &stop);
    /// For export: a command of this build had the mount.
    void use_mount(const std::string &identity, const UsedMount &mount)
    {
        mounts_.with([&](auto &map) { map.insert_or_assign(identity, mount); });
    }
    [[nodiscard]] std::map<std::string, UsedMount> used_mounts() const
    {
        return mounts_.with([](auto &map) { return map; });
    }

    /// The parts of the earlier entry that is most like `parts`, of steps at the same place
    /// or of the same text; nullopt: there is none.
    [[nodiscard]] std::optional<std::vector<KeyPart>>
    nearest(const StepPlace &place, const std::vector<KeyPart> &parts, const std::stop_token &stop);

    /// What a key was made of, if the state directory knows; else empty.
    [[nodiscard]] std::vector<KeyPart> own_parts(const CacheKey &key) const { return local_.parts(key); }

    /// For export: this step is part of the build, under this key.
    void use(const CacheKey &key, UsedStep step);
    [[nodiscard]] std::map<CacheKey, UsedStep> used() const
    {
        return used_.with([](auto &map) { return map; });
    }

private:
    std::shared_ptr<oci::Layout> store_;
    LocalCache local_;
    const std::optional<Time> oldest_;
    std::vector<std::shared_ptr<SharedCache>> shared_;
    EventBus &bus_;
    Guarded<std::map<CacheKey, UsedStep>> used_;
    Guarded<std::map<std::string, UsedMount>> mounts_;
    FileDigests digests_;
};

} // namespace mica::cache
