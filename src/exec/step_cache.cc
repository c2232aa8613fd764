#include "exec/step_cache.hh"

#include "base/error.hh"
#include "cache/local_cache.hh"
#include <optional>

namespace mica::exec {

namespace {

std::optional<CommittedLayer> look_up(const cache::LocalCache &cache, const cache::CacheKey &key,
                                      const StepContext &context, TaskId task, const std::stop_token &stop)
{
    const auto found = cache.find(key);
    if (!found)
        return std::nullopt;
    const oci::PlacedLayer layer{found->layer, context.services.store};
    try {
        return CommittedLayer{layer, context.catalog.changes(layer, task, stop)};
    } catch (const Error &error) { // a damaged blob: the step runs again
        context.services.bus.publish(event::Note{
            event::Note::Level::warning, "a cached layer cannot be read: " + error.message(), {}});
        return std::nullopt;
    }
}

} // namespace

CacheOutcome through_cache(const std::vector<cache::KeyPart> &parts, const StepContext &context, TaskId task,
                           const std::function<CommittedLayer()> &make, const std::stop_token &stop)
{
    if (context.services.cache.empty())
        return {make(), false};
    const cache::LocalCache cache{context.services.cache, *context.services.store};
    const auto key = cache::make_key(parts);
    if (!context.request.no_cache)
        if (auto found = look_up(cache, key, context, task, stop))
            return {std::move(*found), true};
    auto made = make();
    try {
        cache.store(key, parts, {made.layer.layer});
    } catch (const std::exception &error) {
        context.services.bus.publish(event::Note{
            event::Note::Level::warning, std::string{"the cache cannot be written: "} + error.what(), {}});
    }
    return {std::move(made), false};
}

} // namespace mica::exec
