#include "exec/step_cache.hh"

#include "base/text.hh"
#include "cache/build_cache.hh"
#include "cache/explain.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace mica::exec {

namespace {

constexpr std::size_t most_differences = 5;

/// One step on its way through the caches.
class Lookup {
public:
    Lookup(const StepKeys &keys, const StepSite &site, const StepContext &context,
           const std::stop_token &stop)
        : keys_{keys}, site_{site}, context_{context}, cache_{*context.services.cache}, stop_{stop},
          by_origin_{cache::make_key(keys.by_origin)}
    {
    }

    std::optional<StepLayer> find()
    {
        if (auto found = cache_.find(by_origin_, stop_))
            return hit(std::move(*found));
        if (!keys_.exact)
            return std::nullopt;
        auto found = cache_.find(cache::make_key(exact_parts()), stop_);
        if (!found)
            return std::nullopt;
        cache_.store(by_origin_, found->entry, {}); // next time it costs nothing
        return hit(std::move(*found));
    }

    void keep(const StepLayer &made)
    {
        const cache::CacheEntry entry{made.layer.layer, made.created, site_.place};
        if (keys_.exact)
            keep(cache::make_key(exact_parts()), made, entry, exact_parts());
        keep(by_origin_, made, entry, keys_.by_origin);
    }

    void explain(bool always)
    {
        const auto &parts = keys_.exact ? exact_parts() : keys_.by_origin;
        const auto earlier = cache_.nearest(site_.place, parts, stop_);
        if (!earlier && !always)
            return;
        auto differences = earlier ? cache::explain(parts, *earlier)
                                   : std::vector<std::string>{"no step like this was kept before"};
        if (differences.empty()) // the layer is gone
            differences.emplace_back("it was kept before, but its layer is no longer there");
        if (const auto count = differences.size(); count > most_differences && !always) {
            differences.resize(most_differences);
            differences.push_back(fmt::format("and {} more", count - most_differences));
        }
        context_.services.bus.publish(
            event::Note{event::Note::Level::info,
                        fmt::format("not in the cache: {}: {}", site_.place.text, join(differences, "; ")),
                        {}});
    }

private:
    const std::vector<cache::KeyPart> &exact_parts()
    {
        if (!exact_)
            exact_ = keys_.exact();
        return *exact_;
    }

    StepLayer hit(cache::FoundStep found)
    {
        cache_.use(by_origin_, {found.entry, found.layer});
        if (exact_)
            cache_.use(cache::make_key(*exact_), {found.entry, found.layer});
        return {std::move(found.layer), found.entry.created, std::nullopt, true};
    }

    void keep(const cache::CacheKey &key, const StepLayer &made, const cache::CacheEntry &entry,
              const std::vector<cache::KeyPart> &parts)
    {
        cache_.store(key, entry, parts);
        cache_.use(key, {entry, made.layer, parts, true});
    }

    const StepKeys &keys_;
    const StepSite &site_;
    const StepContext &context_;
    cache::BuildCache &cache_;
    const std::stop_token &stop_;
    const cache::CacheKey by_origin_;
    std::optional<std::vector<cache::KeyPart>> exact_;
};

} // namespace

StepLayer made_now(CommittedLayer committed, const StepContext &context)
{
    return {std::move(committed.layer), context.created, std::move(committed.changes), false};
}

StepLayer through_cache(const StepKeys &keys, const StepSite &site, const StepContext &context,
                        const CacheUse &use, const std::function<CommittedLayer()> &make,
                        const std::stop_token &stop)
{
    Lookup lookup{keys, site, context, stop};
    if (!context.request.no_cache) {
        if (auto found = lookup.find())
            return std::move(*found);
        if (use.explain)
            lookup.explain(use.explain_always);
    }
    auto made = made_now(make(), context);
    lookup.keep(made);
    return made;
}

} // namespace mica::exec
