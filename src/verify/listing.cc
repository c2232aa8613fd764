#include "verify/listing.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/hash.hh"
#include "layer/layer_reader.hh"
#include "oci/open_layer.hh"
#include <fmt/format.h>
#include <vector>

namespace mica::verify {

namespace {

Digest digest_of(Source &body, std::vector<std::byte> &buffer, const std::stop_token &stop)
{
    Sha256 hash;
    while (const auto count = body.read(buffer)) {
        throw_if_stopped(stop);
        hash.update(std::span{buffer}.first(count));
    }
    return hash.digest();
}

std::string key_of(const layer::Change &change)
{
    if (change.kind != layer::Change::Kind::opaque)
        return change.entry.path;
    constexpr const char *mark = ".wh..wh..opq";
    return change.entry.path.empty() ? std::string{mark} : fmt::format("{}/{}", change.entry.path, mark);
}

template <class Body> auto reading(const oci::PlacedLayer &layer, Body &&body)
{
    return in_context([&] { return "reading layer " + layer.layer.blob.digest.str(); },
                      std::forward<Body>(body));
}

} // namespace

Listing list_layer(const oci::PlacedLayer &layer, const std::stop_token &stop)
{
    Listing listing;
    std::vector<std::byte> buffer(256 * 1024);
    const auto visit = [&](const layer::Change &change, Source *body) {
        ListedChange listed{{change.kind, change.entry, nullptr}, std::nullopt};
        if (body != nullptr)
            listed.content = digest_of(*body, buffer, stop);
        listing.insert_or_assign(key_of(change), std::move(listed));
    };
    reading(layer, [&] { layer::read_layer(oci::open_layer(layer, stop), visit, stop); });
    return listing;
}

std::map<std::string, std::string> read_files(const oci::PlacedLayer &layer,
                                              const std::set<std::string> &paths, std::uint64_t most_bytes,
                                              std::uint64_t most_in_all, const std::stop_token &stop)
{
    std::map<std::string, std::string> files;
    std::uint64_t total = 0;
    const auto visit = [&](const layer::Change &change, Source *body) {
        const auto &entry = change.entry;
        if (!paths.contains(entry.path) || change.kind != layer::Change::Kind::upsert ||
            entry.type != tar::FileType::regular)
            return;
        if (entry.size > most_bytes || total + entry.size > most_in_all) {
            files.erase(entry.path);
            return;
        }
        total += entry.size;
        files.insert_or_assign(entry.path, body == nullptr ? std::string{} : read_all(*body, most_bytes));
    };
    reading(layer, [&] { layer::read_layer(oci::open_layer(layer, stop), visit, stop); });
    return files;
}

} // namespace mica::verify
