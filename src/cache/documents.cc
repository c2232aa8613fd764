#include "cache/documents.hh"

#include "base/error.hh"
#include "layer/layer_reader.hh"
#include "layer/layer_writer.hh"
#include "oci/open_layer.hh"
#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace mica::cache {

namespace {

constexpr std::uint64_t largest_total = std::uint64_t{1} << 30;

} // namespace

oci::PlacedLayer pack(const Documents &documents, const std::shared_ptr<oci::BlobStore> &store,
                      ThreadPool &pool, const std::stop_token &stop)
{
    std::vector<layer::Change> changes;
    for (const auto &[path, bytes] : documents) {
        layer::Change change;
        change.entry.path = path;
        change.entry.type = tar::FileType::regular;
        change.entry.mode = 0644;
        change.entry.size = bytes.size();
        change.entry.mtime = from_unix(0);
        if (!bytes.empty())
            change.content = std::make_shared<StringContent>(bytes);
        changes.push_back(std::move(change));
    }
    std::sort(changes.begin(), changes.end(),
              [](const auto &a, const auto &b) { return layer::path_less(a.entry.path, b.entry.path); });
    layer::ChangeList list{std::move(changes)};
    return {layer::write_layer(list, {}, *store, pool, {}, stop), store};
}

Documents unpack(const oci::PlacedLayer &layer, const std::stop_token &stop)
{
    Documents documents;
    std::uint64_t total = 0;
    layer::read_layer(
        oci::open_layer(layer, stop),
        [&](const layer::Change &change, Source *body) {
            const auto &entry = change.entry;
            if (change.kind != layer::Change::Kind::upsert || entry.type != tar::FileType::regular)
                return;
            total += entry.size;
            if (entry.size > largest_total || total > largest_total)
                throw Error{ErrorKind::integrity, "the documents of a cache are too large"};
            documents.insert_or_assign(entry.path, body == nullptr ? "" : read_all(*body, entry.size));
        },
        stop);
    return documents;
}

} // namespace mica::cache
