#include "cache/build_cache.hh"

#include "base/error.hh"
#include "cache/explain.hh"
#include <fmt/format.h>

namespace mica::cache {

std::optional<FoundStep> BuildCache::find(const CacheKey &key, const std::stop_token &stop)
{
    for (const auto &cache : shared_) {
        auto entry = cache->find(key, stop);
        if (!entry)
            continue;
        const auto own = local_.find(key, stop);
        const bool is_here = own && own->layer == entry->layer;
        oci::PlacedLayer layer{entry->layer, is_here ? store_ : cache->blobs()};
        return FoundStep{std::move(*entry), std::move(layer)};
    }
    auto entry = local_.find(key, stop);
    if (!entry || (oldest_ && entry->made < *oldest_))
        return std::nullopt;
    oci::PlacedLayer layer{entry->layer, store_};
    return FoundStep{std::move(*entry), std::move(layer)};
}

void BuildCache::store(const CacheKey &key, const CacheEntry &entry, const std::vector<KeyPart> &parts)
{
    try {
        local_.store(key, entry, parts);
    } catch (const std::exception &error) {
        bus_.publish(event::Note{
            event::Note::Level::warning, fmt::format("the cache cannot be written: {}", error.what()), {}});
    }
}

std::string BuildCache::tree(const Digest &diff_id, const std::stop_token &stop)
{
    for (const auto &cache : shared_)
        if (auto found = cache->tree(diff_id, stop); !found.empty())
            return found;
    return {};
}

std::optional<oci::PlacedLayer> BuildCache::mount(const std::string &identity, const std::stop_token &stop)
{
    for (const auto &cache : shared_)
        if (auto found = cache->mount(identity, stop))
            return found;
    return std::nullopt;
}

std::optional<std::vector<KeyPart>>
BuildCache::nearest(const StepPlace &place, const std::vector<KeyPart> &parts, const std::stop_token &stop)
{
    std::optional<std::vector<KeyPart>> best;
    std::size_t best_distance = 0;
    const auto consider = [&](std::vector<KeyPart> candidate) {
        if (candidate.empty())
            return;
        const auto distance = count_differences(parts, candidate);
        if (!best || distance < best_distance) {
            best = std::move(candidate);
            best_distance = distance;
        }
    };
    for (const auto &cache : shared_)
        for (const auto &key : cache->earlier(place, stop))
            consider(cache->parts(key, stop));
    for (const auto &key : local_.earlier(place))
        consider(local_.parts(key));
    return best;
}

void BuildCache::use(const CacheKey &key, UsedStep step)
{
    used_.with([&](auto &map) { map.insert_or_assign(key, std::move(step)); });
}

} // namespace mica::cache
