#include "cache/export.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "cache/image_cache.hh"
#include "cache/merge.hh"
#include "net/retry.hh"
#include <algorithm>
#include <fmt/format.h>
#include <random>

namespace mica::cache {

namespace {

constexpr int most_attempts = 24; ///< each builder that comes in between costs one

/// What was there before the export.
struct Before {
    std::optional<PlacedCache> placed;
    CacheIndex index;
};

Before read_before(const ExportOptions &options, const ExportServices &services, const std::stop_token &stop)
{
    Before before{read_image(options.place, services.registry, stop), {}};
    if (!before.placed)
        return before;
    if (!is_cache_image(before.placed->image))
        throw Error{ErrorKind::unsupported,
                    fmt::format("{} is an image, and no cache of mica: it is not overwritten",
                                name_of(options.place))}
            .with_hint("export the cache under a tag of its own");
    before.index = read_index_of(before.placed->image, stop);
    return before;
}

/// Whether all that the build used is there and was marked as used not long ago.
bool is_up_to_date(const CacheIndex &there, const std::map<CacheKey, UsedStep> &used, Time now)
{
    return std::all_of(used.begin(), used.end(), [&](const auto &item) {
        const auto found = there.items.find(item.first);
        return found != there.items.end() && found->second.entry.layer == item.second.entry.layer &&
               found->second.entry.made >= item.second.entry.made &&
               found->second.used > now - std::chrono::days{1};
    });
}

/// Others that looked at the same time have moved the tag by then.
void wait_a_moment(const std::stop_token &stop)
{
    std::random_device random;
    net::pause_for(std::chrono::milliseconds{60 + random() % 120}, stop);
}

std::map<CacheKey, UsedStep> steps_to_export(const ExportOptions &options, const BuildCache &cache,
                                             const ImageLayers &image)
{
    auto used = cache.used();
    if (options.all_steps)
        return used;
    std::set<Digest> wanted;
    for (const auto &layer : image)
        wanted.insert(layer.diff_id);
    std::erase_if(used, [&](const auto &item) { return !wanted.contains(item.second.entry.layer.diff_id); });
    return used;
}

} // namespace

void export_cache(const ExportOptions &options, BuildCache &cache, const ImageLayers &image,
                  const ExportServices &services, const std::stop_token &stop)
{
    const auto used = steps_to_export(options, cache, image);
    Task task{services.bus, {}, TaskKind::push, "export the cache to " + name_of(options.place)};
    in_context([&] { return fmt::format("exporting the cache to {}", name_of(options.place)); },
               [&] {
                   bool has_written = false;
                   for (int attempt = 0; attempt < most_attempts; ++attempt) {
                       const auto before = read_before(options, services, stop);
                       const bool has_all_mounts =
                           options.mounts.empty() ||
                           (before.placed && has_mounts(before.placed->image, options.mounts));
                       if (has_all_mounts && is_up_to_date(before.index, used, services.clock.now()))
                           return task.finish(has_written ? TaskResult::done : TaskResult::skipped,
                                              has_written ? "" : "up to date");
                       const Merge merge{before.placed ? &before.placed->image : nullptr, before.index, used,
                                         image, &cache};
                       const auto merged = merge.image(options, services, stop);
                       has_written =
                           write_image(options.place, merged,
                                       before.placed ? std::optional{before.placed->manifest} : std::nullopt,
                                       services.registry, services.bus, task.id(), stop) ||
                           has_written;
                       wait_a_moment(stop);
                   }
                   throw Error{ErrorKind::network, "too many builds write to it at the same time"};
               });
}

SharedPruneReport prune_shared(const ExportOptions &options, const ExportServices &services,
                               const std::stop_token &stop)
{
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        const auto before = read_before(options, services, stop);
        if (!before.placed)
            throw Error{ErrorKind::not_found, fmt::format("there is no cache {}", name_of(options.place))};
        const auto oldest = services.clock.now() - options.keep_for;
        const auto &items = before.index.items;
        const auto old = static_cast<std::size_t>(std::count_if(
            items.begin(), items.end(), [&](const auto &item) { return item.second.used < oldest; }));
        const SharedPruneReport report{old, items.size() - old};
        if (old == 0)
            return report;
        const std::map<CacheKey, UsedStep> nothing;
        const ImageLayers no_image;
        const Merge merge{&before.placed->image, before.index, nothing, no_image, nullptr};
        if (write_image(options.place, merge.image(options, services, stop), before.placed->manifest,
                        services.registry, services.bus, {}, stop))
            return report;
    }
    throw Error{ErrorKind::network, "too many builds write to it at the same time"};
}

} // namespace mica::cache
