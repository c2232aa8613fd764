#include "cache/mount_layers.hh"

#include "base/error.hh"
#include "cache/image_cache.hh"
#include "io/hash.hh"
#include <algorithm>

namespace mica::cache {

namespace {

std::string note_of(const oci::PlacedLayer &layer, const char *key)
{
    const auto &notes = layer.layer.blob.annotations;
    const auto found = notes.find(key);
    return found == notes.end() ? "" : found->second;
}

bool is_older(const oci::PlacedLayer &layer, Time oldest)
{
    try {
        return parse_rfc3339(note_of(layer, used_annotation)) < oldest;
    } catch (const Error &) {
        return true;
    }
}

} // namespace

std::optional<oci::PlacedLayer> mount_layer(const oci::Image &image, const std::string &identity)
{
    const auto name = sha256(identity).hex();
    for (auto &layer : layers_of_kind(image, mounts_kind))
        if (note_of(layer, mount_annotation) == name)
            return std::move(layer);
    return std::nullopt;
}

bool has_mounts(const oci::Image &image, const std::vector<PackedMount> &mounts)
{
    return std::all_of(mounts.begin(), mounts.end(), [&](const PackedMount &mount) {
        const auto there = mount_layer(image, mount.identity);
        return there && there->layer.blob.digest == mount.layer.layer.blob.digest;
    });
}

std::vector<oci::PlacedLayer> merged_mounts(const oci::Image *before, const std::vector<PackedMount> &mounts,
                                            Time now, Time oldest)
{
    std::vector<oci::PlacedLayer> merged;
    for (const auto &mount : mounts) {
        auto &notes = merged.emplace_back(mount.layer).layer.blob.annotations;
        notes[cache_annotation] = mounts_kind;
        notes[mount_annotation] = sha256(mount.identity).hex();
        notes[used_annotation] = format_rfc3339(now);
    }
    if (before == nullptr)
        return merged;
    for (const auto &layer : layers_of_kind(*before, mounts_kind)) {
        const bool is_anew = std::any_of(mounts.begin(), mounts.end(), [&](const PackedMount &mount) {
            return sha256(mount.identity).hex() == note_of(layer, mount_annotation);
        });
        if (!is_anew && !is_older(layer, oldest))
            merged.push_back(layer);
    }
    return merged;
}

} // namespace mica::cache
