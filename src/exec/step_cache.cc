#include "exec/step_cache.hh"

#include "base/text.hh"
#include "cache/build_cache.hh"
#include "cache/explain.hh"
#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <optional>

namespace mica::exec {

namespace {

constexpr std::size_t most_differences = 5;

/// A key with what it is made of, made when it is asked for.
class LazyKey {
public:
    /// May be empty: there is no such key.
    explicit LazyKey(const std::function<StepKeys::Parts()> &make) : make_{make} {}

    [[nodiscard]] bool exists() const { return bool{make_}; }
    [[nodiscard]] bool is_made() const { return parts_.has_value(); }
    [[nodiscard]] const StepKeys::Parts &parts()
    {
        if (!parts_)
            parts_ = make_();
        return *parts_;
    }
    [[nodiscard]] const cache::CacheKey &key()
    {
        if (!key_)
            key_ = cache::make_key(parts());
        return *key_;
    }

private:
    const std::function<StepKeys::Parts()> &make_;
    std::optional<StepKeys::Parts> parts_;
    std::optional<cache::CacheKey> key_;
};

/// One step on its way through the caches.
class Lookup {
public:
    Lookup(const StepKeys &keys, const StepSite &site, const StepContext &context,
           const std::stop_token &stop)
        : keys_{keys}, site_{site}, context_{context}, cache_{*context.services.cache}, stop_{stop},
          by_origin_{keys.by_origin}, exact_{keys.exact}, outline_{keys.outline}
    {
    }

    std::optional<StepLayer> find()
    {
        if (!is_worth_it(Naming::by_origin))
            return std::nullopt;
        if (auto found = cache_.find(by_origin_.key(), stop_))
            return hit(std::move(*found));
        if (!exact_.exists() || !is_worth_it(Naming::exact))
            return std::nullopt;
        auto found = cache_.find(exact_.key(), stop_);
        if (!found)
            return std::nullopt;
        cache_.store(by_origin_.key(), found->entry, {}); // next time it costs nothing
        return hit(std::move(*found));
    }

    void keep(const StepLayer &made)
    {
        // A key of many files takes its time; this one needs nothing that the others do.
        std::future<void> outlining;
        if (outline_.exists())
            outlining = std::async(std::launch::async, [this] { (void)outline_.key(); });
        if (exact_.exists())
            keep(exact_.key(), made, exact_.parts());
        keep(by_origin_.key(), made, by_origin_.parts());
        if (outlining.valid()) {
            outlining.get();
            keep(outline_.key(), made, {});
        }
    }

    void explain(bool always)
    {
        const auto &parts = exact_.exists() ? exact_.parts() : by_origin_.parts();
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
    /// Whether the key costs nothing, or something like this step was kept before.
    bool is_worth_it(Naming naming)
    {
        if (!outline_.exists() || keys_.costs_nothing(naming))
            return true;
        if (!was_kept_)
            was_kept_ = cache_.find(outline_.key(), stop_).has_value();
        return *was_kept_;
    }

    StepLayer hit(cache::FoundStep found)
    {
        for (auto *const key : {&by_origin_, &outline_})
            if (key->exists())
                cache_.use(key->key(), {found.entry, found.layer});
        if (exact_.is_made())
            cache_.use(exact_.key(), {found.entry, found.layer});
        return {std::move(found.layer), found.entry.created, std::nullopt, true};
    }

    void keep(const cache::CacheKey &key, const StepLayer &made, const StepKeys::Parts &parts)
    {
        const cache::CacheEntry entry{made.layer.layer, made.created, site_.place,
                                      context_.services.clock.now()};
        cache_.store(key, entry, parts);
        cache_.use(key, {entry, made.layer, parts, true});
    }

    const StepKeys &keys_;
    const StepSite &site_;
    const StepContext &context_;
    cache::BuildCache &cache_;
    const std::stop_token &stop_;
    LazyKey by_origin_, exact_, outline_;
    std::optional<bool> was_kept_; ///< something with this outline; nullopt: not looked yet
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
    if (!context.request.no_cache)
        if (auto found = lookup.find())
            return std::move(*found);
    const bool is_miss_told = use.explain && !context.request.no_cache;
    if (is_miss_told && keys.costs_nothing == nullptr)
        lookup.explain(use.explain_always);
    auto made = made_now(make(), context);
    // Only now the names of all contents are known without reading for that alone.
    if (is_miss_told && keys.costs_nothing != nullptr)
        lookup.explain(use.explain_always);
    lookup.keep(made);
    return made;
}

} // namespace mica::exec
