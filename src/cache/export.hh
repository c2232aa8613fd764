#pragma once
/// @file
/// What a build learnt, added to a shared cache.
///
/// A cache is one image under one tag, and several builds may add to it at a time. Each
/// merges what it has with what is there, uploads the layers, and moves the tag only if it
/// is still where it was; then it looks again, a moment later, whether its entries are in
/// what the tag names now, and begins anew if they are not. Nothing that the tag ever
/// names is incomplete; what may be lost, if somebody dies at the wrong moment, is entries
/// of another build, which its next run adds again.
#include "base/clock.hh"
#include "base/event.hh"
#include "base/thread_pool.hh"
#include "cache/build_cache.hh"
#include "cache/cache_place.hh"
#include "oci/layout.hh"
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <stop_token>
#include <vector>

namespace mica::cache {

struct ExportOptions {
    CachePlace place;
    /// All steps of the build, or only those whose layers are in its images.
    bool all_steps = false;
    /// Entries that no build used for so long are left out.
    std::chrono::seconds keep_for{std::chrono::days{14}};
    std::vector<PackedMount> mounts{}; ///< to go with it
};

/// What an export works with; everything outlives the call.
struct ExportServices {
    registry::Client &registry;
    std::shared_ptr<oci::Layout> scratch; ///< for the documents, until they are uploaded
    std::filesystem::path trees;          ///< the state directory's indexes of layers
    ThreadPool &pool;
    EventBus &bus;
    const Clock &clock;
};

/// The layers that the build's images have, base included.
using ImageLayers = std::vector<oci::Layer>;

/// Throws Error: denied, network …; unsupported if something that is no cache of mica is
/// there (it stays). Cancelled.
void export_cache(const ExportOptions &options, BuildCache &cache, const ImageLayers &image,
                  const ExportServices &services, const std::stop_token &stop);

struct SharedPruneReport {
    std::size_t removed = 0, left = 0; ///< steps
};

/// Leaves out of the cache what no build used within options.keep_for. Throws Error
/// (not_found: there is none), Cancelled.
[[nodiscard]] SharedPruneReport prune_shared(const ExportOptions &options, const ExportServices &services,
                                             const std::stop_token &stop);

} // namespace mica::cache
