#include "cache/image_cache.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "cache/inline_cache.hh"
#include "cache/mount_layers.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::cache {

namespace {

constexpr std::size_t most_candidates = 8;

bool has_note(const oci::Annotations &annotations, const char *key, std::string_view value)
{
    const auto found = annotations.find(key);
    return found != annotations.end() && found->second == value;
}

} // namespace

bool is_cache_image(const oci::Image &image)
{
    return image.annotations.contains(cache_annotation);
}

std::vector<oci::PlacedLayer> layers_of_kind(const oci::Image &image, std::string_view kind)
{
    std::vector<oci::PlacedLayer> found;
    for (const auto &placed : image.layers)
        if (has_note(placed.layer.blob.annotations, cache_annotation, kind))
            found.push_back(placed);
    return found;
}

CacheIndex read_index_of(const oci::Image &image, const std::stop_token &stop)
{
    if (!has_note(image.annotations, cache_annotation, image_kind))
        throw Error{ErrorKind::unsupported, "the cache was written by another version of mica"};
    const auto layers = layers_of_kind(image, index_kind);
    if (layers.size() != 1)
        throw Error{ErrorKind::integrity, "the cache has no index"};
    const auto documents = unpack(layers.front(), stop);
    const auto found = documents.find("index.json");
    if (found == documents.end())
        throw Error{ErrorKind::integrity, "the cache has no index"};
    return parse_cache_index(found->second);
}

ImageCache::ImageCache(SharedCacheOptions options, registry::Client &client, EventBus &bus,
                       const Clock &clock, std::stop_token stop)
    : options_{std::move(options)}, client_{client}, bus_{bus}, clock_{clock},
      contents_{std::async(std::launch::async, [this, stop = std::move(stop)] { return read_or_warn(stop); })}
{
}

ImageCache::Contents ImageCache::read_or_warn(const std::stop_token &stop) const
{
    try {
        return in_context([&] { return fmt::format("reading the cache {}", name_of(options_.place)); },
                          [&] { return read(stop); });
    } catch (const Error &error) {
        if (options_.is_strict)
            throw;
        warn(error);
        return {};
    }
}

ImageCache::Contents ImageCache::read(const std::stop_token &stop) const
{
    const Task task{bus_, {}, TaskKind::cache_lookup, "read the cache " + name_of(options_.place)};
    auto placed = read_image(options_.place, client_, stop);
    if (!placed) {
        bus_.publish(event::Note{
            event::Note::Level::info, fmt::format("there is no cache {} yet", name_of(options_.place)), {}});
        return {};
    }
    CacheIndex index;
    if (is_cache_image(placed->image))
        index = read_index_of(placed->image, stop);
    else if (auto keys = inline_index(placed->image))
        index = std::move(*keys);
    else
        throw Error{ErrorKind::unsupported, "the image there is no cache of mica, and has none in it"};
    if (options_.time_to_live.count() > 0)
        std::erase_if(index.items, [oldest = clock_.now() - options_.time_to_live](const auto &item) {
            return item.second.entry.made < oldest;
        });
    return {std::move(placed->image), std::move(index)};
}

void ImageCache::warn(const Error &error) const
{
    std::string text = error.message();
    for (const auto &frame : error.context())
        text = frame + ": " + text;
    bus_.publish(event::Note{event::Note::Level::warning, std::move(text), {}});
}

const ImageCache::Contents &ImageCache::contents() const
{
    return contents_.get();
}

std::optional<CacheEntry> ImageCache::find(const CacheKey &key, const std::stop_token &stop)
{
    const auto &items = contents().index.items;
    throw_if_stopped(stop);
    const auto found = items.find(key);
    return found == items.end() ? std::nullopt : std::optional{found->second.entry};
}

std::shared_ptr<const oci::BlobReader> ImageCache::blobs()
{
    const auto &image = contents().image;
    return image && !image->layers.empty() ? image->layers.front().blobs : nullptr;
}

const std::string *ImageCache::document(std::optional<Documents> &known, std::string_view kind,
                                        const std::string &path, const std::stop_token &stop)
{
    const auto &image = contents().image;
    const std::scoped_lock guard{mutex_};
    if (!known) {
        known.emplace();
        try {
            for (const auto &layer : image ? layers_of_kind(*image, kind) : std::vector<oci::PlacedLayer>{})
                known->merge(unpack(layer, stop));
        } catch (const Error &error) {
            warn(error);
        }
    }
    const auto found = known->find(path);
    return found == known->end() ? nullptr : &found->second;
}

std::string ImageCache::tree(const Digest &diff_id, const std::stop_token &stop)
{
    const auto *found = document(trees_, trees_kind, "trees/" + diff_id.hex(), stop);
    return found == nullptr ? std::string{} : *found;
}

std::optional<oci::PlacedLayer> ImageCache::mount(const std::string &identity, const std::stop_token &)
{
    const auto &image = contents().image;
    return image ? mount_layer(*image, identity) : std::nullopt;
}

std::vector<KeyPart> ImageCache::parts(const CacheKey &key, const std::stop_token &stop)
{
    const auto *found = document(parts_, parts_kind, "parts/" + key.value.hex(), stop);
    if (found == nullptr)
        return {};
    try {
        return parse_parts(*found);
    } catch (const Error &) {
        return {};
    }
}

std::vector<CacheKey> ImageCache::earlier(const StepPlace &place, const std::stop_token &)
{
    std::vector<std::pair<Time, CacheKey>> candidates;
    for (const auto &[key, item] : contents().index.items) {
        const auto &other = item.entry.place;
        if (other.stage == place.stage && (other.number == place.number || other.text == place.text))
            candidates.emplace_back(item.entry.created, key);
    }
    std::sort(candidates.begin(), candidates.end(), std::greater<>{});
    std::vector<CacheKey> keys;
    for (const auto &[created, key] : candidates)
        if (keys.size() < most_candidates)
            keys.push_back(key);
    return keys;
}

} // namespace mica::cache
