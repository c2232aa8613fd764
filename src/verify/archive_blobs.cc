#include "verify/archive_blobs.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/codec.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "oci/reference.hh"
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::verify {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t document_limit = std::uint64_t{16} << 20;

struct SavedEntry {
    std::string config;
    std::vector<std::string> names, layers;
};

std::vector<std::string> texts(const Json &object, const char *key)
{
    const auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return {};
    return found->get<std::vector<std::string>>();
}

std::vector<SavedEntry> parse_saved(const std::string &text)
{
    try {
        std::vector<SavedEntry> entries;
        for (const auto &entry : Json::parse(text))
            entries.push_back(
                {entry.at("Config").get<std::string>(), texts(entry, "RepoTags"), texts(entry, "Layers")});
        return entries;
    } catch (const Json::exception &error) {
        throw Error{ErrorKind::integrity, fmt::format("manifest.json of the archive: {}", error.what())};
    }
}

bool has_name(const SavedEntry &entry, const std::string &reference)
{
    for (const auto &name : entry.names) {
        const auto colon = name.rfind(':');
        if (name == reference || (colon != std::string::npos && name.substr(colon + 1) == reference))
            return true;
        try {
            if (oci::Reference::parse(name) == oci::Reference::parse(reference))
                return true;
        } catch (const Error &) { // a tag alone is compared above
        }
    }
    return false;
}

const SavedEntry &choose(const std::vector<SavedEntry> &entries, const std::string &reference)
{
    if (entries.empty())
        throw Error{ErrorKind::not_found, "the archive has no image"};
    for (const auto &entry : entries)
        if (!reference.empty() && has_name(entry, reference))
            return entry;
    if (!reference.empty())
        throw Error{ErrorKind::not_found, fmt::format("the archive has no image \"{}\"", reference)};
    if (entries.size() > 1)
        throw Error{ErrorKind::usage, fmt::format("the archive has {} images", entries.size())}.with_hint(
            "say which one: docker-archive://PATH:TAG");
    return entries.front();
}

/// Layers of old archives are tars, and so named by their diff_id. Those that are compressed
/// all the same have a digest that nobody wrote down.
oci::Descriptor layer_of(const ArchiveFile &file, const ArchiveFile::Member &member, const Digest &diff_id,
                         const std::stop_token &stop)
{
    oci::Descriptor layer{.media_type = oci::MediaType::docker_layer, .digest = diff_id, .size = member.size};
    const auto source = file.open(member);
    std::array<std::byte, 8> head{};
    const auto known = read_full(*source, head);
    const auto kind = detect_compression(BytesView{head}.first(known));
    if (kind == Compression::none)
        return layer;
    layer.media_type =
        kind == Compression::gzip ? oci::MediaType::docker_layer_gzip : oci::MediaType::oci_layer_zstd;
    Sha256 hash;
    hash.update(BytesView{head}.first(known));
    std::vector<std::byte> buffer(256 * 1024);
    while (const auto count = source->read(buffer)) {
        throw_if_stopped(stop);
        hash.update(std::span{buffer}.first(count));
    }
    layer.digest = hash.digest();
    return layer;
}

} // namespace

std::unique_ptr<Source> ArchiveBlobs::open(const oci::Descriptor &blob, const std::stop_token &) const
{
    auto member = file_->find("blobs/sha256/" + blob.digest.hex());
    if (!member)
        if (const auto placed = placed_.find(blob.digest); placed != placed_.end())
            member = placed->second;
    if (!member)
        throw Error{ErrorKind::not_found, fmt::format("the archive has no blob {}", blob.digest.str())};
    return std::make_unique<VerifyingSource>(file_->open(*member), blob.digest, blob.size);
}

SavedImage open_saved_image(const std::shared_ptr<const ArchiveFile> &file, const std::string &reference,
                            const std::stop_token &stop)
{
    const auto saved = file->read("manifest.json", document_limit);
    if (!saved)
        throw Error{ErrorKind::integrity, "it is no archive of an image: it has neither index.json nor "
                                          "manifest.json"};
    const auto entries = parse_saved(*saved);
    const auto &entry = choose(entries, reference);
    auto config = file->read(entry.config, document_limit);
    if (!config)
        throw Error{ErrorKind::integrity, fmt::format("the archive has no \"{}\"", entry.config)};
    const auto parsed = oci::parse_image_config(*config);
    if (parsed.diff_ids.size() != entry.layers.size())
        throw Error{ErrorKind::integrity, "the archive's configuration and manifest.json name different "
                                          "numbers of layers"};
    const auto blobs = std::make_shared<ArchiveBlobs>(file);
    oci::Manifest manifest{.media_type = oci::MediaType::docker_manifest,
                           .config = {.media_type = oci::MediaType::docker_config,
                                      .digest = sha256(*config),
                                      .size = config->size()},
                           .layers = {}};
    for (std::size_t i = 0; i < entry.layers.size(); ++i) {
        const auto member = file->find(entry.layers[i]);
        if (!member)
            throw Error{ErrorKind::integrity, fmt::format("the archive has no \"{}\"", entry.layers[i])};
        auto layer = layer_of(*file, *member, parsed.diff_ids[i], stop);
        blobs->place(layer.digest, *member);
        manifest.layers.push_back(std::move(layer));
    }
    return {std::move(manifest), std::move(*config), blobs};
}

} // namespace mica::verify
