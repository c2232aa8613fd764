#pragma once
/// @file
/// The caches that a build writes when it is done.
#include "base/thread_pool.hh"
#include "cache/build_cache.hh"
#include "cli/build_options.hh"
#include "oci/image.hh"
#include "registry/client.hh"
#include <filesystem>
#include <stop_token>
#include <vector>

namespace mica::cli {

/// The caches of --cache-from; their reading begins at once. Arguments outlive them.
[[nodiscard]] std::vector<std::shared_ptr<cache::SharedCache>>
open_shared_caches(const BuildOptions &options, registry::Client &client, EventBus &bus, const Clock &clock,
                   const std::stop_token &stop);

/// What an export works with; everything outlives the call.
struct CacheExportServices {
    registry::Client &registry;
    std::filesystem::path scratch, trees;
    ThreadPool &pool;
    EventBus &bus;
    const Clock &clock;
};

/// Notes the keys in the images, if an inline cache is asked for.
void export_inline(const BuildOptions &options, const cache::BuildCache &cache,
                   std::vector<oci::Image> &images);

/// Exports to all the other places. What fails is a warning that says what the registry
/// said, unless --cache-error=fail.
void export_caches(const BuildOptions &options, cache::BuildCache &cache,
                   const std::vector<oci::Image> &images, const std::vector<cache::PackedMount> &mounts,
                   const CacheExportServices &services, const std::stop_token &stop);

} // namespace mica::cli
