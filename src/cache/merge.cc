#include "cache/merge.hh"

#include "base/error.hh"
#include "cache/image_cache.hh"
#include "io/fd.hh"
#include "oci/platform.hh"
#include <algorithm>
#include <vector>

namespace mica::cache {

namespace {

/// Registries take manifests of 4 MiB, of which a layer has some 300 bytes.
constexpr std::size_t most_entries = 4000;

void add_documents(const Documents &documents, const char *kind, const ExportServices &services,
                   oci::Image &into, const std::stop_token &stop)
{
    if (documents.empty())
        return;
    auto layer = pack(documents, services.scratch, services.pool, stop);
    layer.layer.blob.annotations[cache_annotation] = kind;
    into.layers.push_back(std::move(layer));
}

Documents documents_of(const oci::Image *image, const char *kind, const std::stop_token &stop)
{
    Documents all;
    for (const auto &layer :
         image == nullptr ? std::vector<oci::PlacedLayer>{} : layers_of_kind(*image, kind))
        all.merge(unpack(layer, stop));
    return all;
}

void drop_oldest(CacheIndex &index)
{
    if (index.items.size() <= most_entries)
        return;
    std::vector<Time> times;
    for (const auto &[key, item] : index.items)
        times.push_back(item.used);
    const auto last = times.begin() + static_cast<std::ptrdiff_t>(most_entries);
    std::nth_element(times.begin(), last, times.end(), std::greater<>{});
    std::erase_if(index.items, [oldest = *last](const auto &item) { return item.second.used <= oldest; });
}

} // namespace

CacheIndex Merge::merged_index(const ExportOptions &options, Time now) const
{
    CacheIndex merged = index_;
    std::set<Digest> steps;
    for (const auto &[key, step] : used_) {
        merged.items.insert_or_assign(key, CacheIndex::Item{step.entry, now});
        steps.insert(step.entry.layer.diff_id);
    }
    for (const auto &layer : layers_)
        if (!steps.contains(layer.diff_id))
            merged.bases.insert_or_assign(layer.diff_id, now);
    const auto oldest = now - options.keep_for;
    std::erase_if(merged.items, [&](const auto &item) { return item.second.used < oldest; });
    std::erase_if(merged.bases, [&](const auto &item) { return item.second < oldest; });
    drop_oldest(merged);
    return merged;
}

Documents Merge::parts(const CacheIndex &index, const Documents &before) const
{
    Documents documents;
    for (const auto &[key, item] : index.items) {
        const auto path = "parts/" + key.value.hex();
        const auto used = used_.find(key);
        if (used != used_.end() && !used->second.parts.empty())
            documents[path] = to_json(used->second.parts);
        else if (const auto old = before.find(path); old != before.end())
            documents.insert(*old);
        else if (const auto own = cache_ ? cache_->own_parts(key) : std::vector<KeyPart>{}; !own.empty())
            documents[path] = to_json(own);
    }
    return documents;
}

std::string Merge::tree(const Digest &diff_id, const Documents &before, const ExportServices &services,
                        const std::stop_token &stop) const
{
    if (const auto old = before.find("trees/" + diff_id.hex()); old != before.end())
        return old->second;
    try {
        return read_file(services.trees / diff_id.hex());
    } catch (const Error &) {
        return cache_ == nullptr ? std::string{} : cache_->tree(diff_id, stop);
    }
}

/// Each blob once, wherever it can be read: entries of the build know, others are in the
/// cache as it was.
void Merge::add_steps(const CacheIndex &index, oci::Image &into) const
{
    std::set<Digest> seen;
    for (const auto &[key, item] : index.items) {
        if (!seen.insert(item.entry.layer.blob.digest).second)
            continue;
        const auto used = used_.find(key);
        if (used != used_.end())
            into.layers.push_back(used->second.layer);
        else if (before_ != nullptr)
            into.layers.push_back({item.entry.layer, before_->layers.front().blobs});
        into.layers.back().layer.blob.annotations.clear();
    }
}

oci::Image Merge::image(const ExportOptions &options, const ExportServices &services,
                        const std::stop_token &stop) const
{
    const auto now = services.clock.now();
    const auto index = merged_index(options, now);
    const auto old_trees = documents_of(before_, trees_kind, stop);
    Documents base_trees, step_trees;
    const auto add_tree = [&](const Digest &diff_id, Documents &into) {
        if (auto bytes = tree(diff_id, old_trees, services, stop); !bytes.empty())
            into["trees/" + diff_id.hex()] = std::move(bytes);
    };
    for (const auto &[diff_id, used] : index.bases)
        add_tree(diff_id, base_trees);
    for (const auto &[key, item] : index.items)
        add_tree(item.entry.layer.diff_id, step_trees);

    oci::Image image;
    image.annotations[cache_annotation] = image_kind;
    image.config.platform = oci::host_platform();
    image.config.created = now;
    add_documents({{"index.json", to_json(index)}}, index_kind, services, image, stop);
    add_documents(base_trees, trees_kind, services, image, stop);
    add_documents(step_trees, trees_kind, services, image, stop);
    add_documents(parts(index, documents_of(before_, parts_kind, stop)), parts_kind, services, image, stop);
    for (auto &layer : merged_mounts(before_, options.mounts, now, now - options.keep_for))
        image.layers.push_back(std::move(layer));
    add_steps(index, image);
    return image;
}

} // namespace mica::cache
