#include "cli/cache_exports.hh"

#include "base/error.hh"
#include "cache/export.hh"
#include "cache/image_cache.hh"
#include "cache/inline_cache.hh"
#include "oci/layout.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::cli {

namespace {

/// An error as one line of a warning.
std::string as_text(const Error &error)
{
    std::string text = error.message();
    for (const auto &frame : error.context())
        text = fmt::format("{}: {}", frame, text);
    return error.hint() ? fmt::format("{} ({})", text, *error.hint()) : text;
}

} // namespace

std::vector<std::shared_ptr<cache::SharedCache>> open_shared_caches(const BuildOptions &options,
                                                                    registry::Client &client, EventBus &bus,
                                                                    const Clock &clock,
                                                                    const std::stop_token &stop)
{
    std::vector<std::shared_ptr<cache::SharedCache>> caches;
    for (auto from : options.cache_from) {
        from.is_strict = options.cache_error_fails;
        caches.push_back(std::make_shared<cache::ImageCache>(std::move(from), client, bus, clock, stop));
    }
    return caches;
}

void export_inline(const BuildOptions &options, const cache::BuildCache &cache,
                   std::vector<oci::Image> &images)
{
    const bool is_wanted =
        std::any_of(options.cache_to.begin(), options.cache_to.end(),
                    [](const CacheExport &to) { return std::holds_alternative<InlineExport>(to); });
    if (!is_wanted)
        return;
    for (auto &image : images)
        cache::add_inline_keys(image, cache.used());
}

void export_caches(const BuildOptions &options, cache::BuildCache &cache,
                   const std::vector<oci::Image> &images, const std::vector<cache::PackedMount> &mounts,
                   const CacheExportServices &services, const std::stop_token &stop)
{
    cache::ImageLayers layers;
    for (const auto &image : images)
        for (const auto &placed : image.layers)
            layers.push_back(placed.layer);
    for (const auto &to : options.cache_to) {
        const auto *wanted = std::get_if<cache::ExportOptions>(&to);
        if (wanted == nullptr)
            continue;
        try {
            const cache::ExportServices with{
                services.registry, oci::Layout::open_or_create(services.scratch / "cache-export"),
                services.trees,    services.pool,
                services.bus,      services.clock};
            auto with_mounts = *wanted;
            with_mounts.mounts = mounts;
            cache::export_cache(with_mounts, cache, layers, with, stop);
        } catch (const Error &error) {
            if (options.cache_error_fails)
                throw;
            services.bus.publish(
                event::Note{event::Note::Level::warning, "the cache is not exported: " + as_text(error), {}});
        }
    }
}

} // namespace mica::cli
