#include "cache/cache_place.hh"

#include "base/error.hh"
#include "cache/layout_garbage.hh"
#include "oci/json.hh"
#include "oci/layout.hh"
#include "oci/platform.hh"
#include "os/file_lock.hh"
#include "registry/pull.hh"
#include "registry/push.hh"
#include <fmt/format.h>

namespace mica::cache {

namespace {

std::optional<PlacedCache> read(const oci::Reference &name, registry::Client &client,
                                const std::stop_token &stop)
{
    auto pulled = registry::pull(client, name, oci::host_platform(), stop);
    if (!pulled)
        return std::nullopt;
    return PlacedCache{std::move(pulled->image), pulled->pinned.digest().value()};
}

std::optional<PlacedCache> read(const LayoutPlace &place, registry::Client &, const std::stop_token &stop)
{
    if (!std::filesystem::exists(place.directory / "oci-layout"))
        return std::nullopt;
    const auto layout = oci::Layout::open_existing(place.directory);
    const auto found = layout->find(place.tag);
    if (!found)
        return std::nullopt;
    return PlacedCache{oci::load_image(layout, *found, oci::host_platform(), stop), found->digest};
}

bool write(const oci::Reference &name, const oci::Image &image, const std::optional<Digest> &expected,
           registry::Client &client, EventBus &bus, TaskId parent, const std::stop_token &stop)
{
    const auto encoded = oci::encode(image);
    registry::push_blobs(client, image, encoded, name, {}, bus, parent, stop);
    const auto now = client.manifest(name, stop);
    const auto there = now ? std::optional{now->descriptor.digest} : std::nullopt;
    if (there != expected)
        return false;
    client.put_manifest(name, {encoded.manifest, encoded.manifest_json}, stop);
    return true;
}

void add_blob(const oci::PlacedLayer &placed, oci::Layout &layout, const std::stop_token &stop)
{
    if (layout.contains(placed.layer.blob.digest))
        return;
    const auto from = placed.blobs->open(placed.layer.blob, stop);
    const auto to = layout.create();
    copy_all(*from, *to, stop);
    to->finish();
    static_cast<void>(to->commit());
}

/// Directories are written by one build at a time, so that what nobody names any more can be
/// removed: such a cache would grow for ever.
bool write(const LayoutPlace &place, const oci::Image &image, const std::optional<Digest> &expected,
           registry::Client &, EventBus &, TaskId, const std::stop_token &stop)
{
    const auto layout = oci::Layout::open_or_create(place.directory);
    const os::FileLock lock{place.directory / "mica.lock", os::LockMode::exclusive, stop};
    const auto now = layout->find(place.tag);
    const auto there = now ? std::optional{now->digest} : std::nullopt;
    if (there != expected)
        return false;
    const auto encoded = oci::encode(image);
    for (const auto &layer : image.layers)
        add_blob(layer, *layout, stop);
    static_cast<void>(layout->put(encoded.config_json));
    static_cast<void>(layout->put(encoded.manifest_json));
    layout->tag(encoded.manifest, place.tag);
    remove_unnamed_blobs(*layout, stop);
    return true;
}

} // namespace

std::string name_of(const CachePlace &place)
{
    if (const auto *reference = std::get_if<oci::Reference>(&place))
        return reference->familiar();
    const auto &layout = std::get<LayoutPlace>(place);
    return fmt::format("{}:{}", layout.directory.native(), layout.tag);
}

std::optional<PlacedCache> read_image(const CachePlace &place, registry::Client &client,
                                      const std::stop_token &stop)
{
    return std::visit([&](const auto &one) { return read(one, client, stop); }, place);
}

bool write_image(const CachePlace &place, const oci::Image &image, const std::optional<Digest> &expected,
                 registry::Client &client, EventBus &bus, TaskId parent, const std::stop_token &stop)
{
    return std::visit([&](const auto &one) { return write(one, image, expected, client, bus, parent, stop); },
                      place);
}

} // namespace mica::cache
