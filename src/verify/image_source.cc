#include "verify/image_source.hh"

#include "base/stop.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include "oci/layout.hh"
#include "oci/platform.hh"
#include "verify/archive_blobs.hh"
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::verify {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t document_limit = std::uint64_t{16} << 20;
constexpr int deepest_index = 4;
constexpr std::size_t most_variants = 256;

/// PATH, PATH:TAG or PATH@DIGEST. A colon before a slash belongs to the path.
Location local(Location::Kind kind, std::string_view rest, std::string_view text)
{
    Location location{kind, {}, {}, std::string{text}};
    auto separator = rest.find("@sha256:");
    if (separator == std::string_view::npos) {
        separator = rest.rfind(':');
        if (separator != std::string_view::npos && rest.find('/', separator) != std::string_view::npos)
            separator = std::string_view::npos;
    }
    location.path = rest.substr(0, separator);
    if (separator != std::string_view::npos)
        location.reference = rest.substr(separator + 1);
    if (location.path.empty())
        throw Error{ErrorKind::usage, fmt::format("\"{}\" has no path", text)};
    return location;
}

bool looks_like_path(std::string_view text)
{
    return text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
}

/// Manifests have a door of their own in registries.
class RegistryManifests final : public oci::BlobReader {
public:
    RegistryManifests(registry::Client &client, oci::Reference name) : client_{client}, name_{std::move(name)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override
    {
        auto raw = client_.manifest(name_.with_digest(blob.digest), stop);
        if (!raw)
            throw Error{ErrorKind::not_found,
                        fmt::format("the registry has no manifest {}", blob.digest.str())};
        return std::make_unique<StringSource>(std::move(raw->bytes));
    }

private:
    registry::Client &client_;
    oci::Reference name_;
};

struct Readers {
    std::shared_ptr<const oci::BlobReader> manifests, blobs;
};

std::string read_document(const oci::BlobReader &from, const oci::Descriptor &what,
                          const std::stop_token &stop)
{
    throw_if_stopped(stop);
    return read_all(*from.open(what, stop), document_limit);
}

bool is_container(const oci::Manifest &manifest)
{
    return manifest.config.media_type == oci::MediaType::oci_config ||
           manifest.config.media_type == oci::MediaType::docker_config;
}

/// Not one of the images that the index is for.
bool is_companion(const oci::Descriptor &entry)
{
    return entry.annotations.contains("vnd.docker.reference.type") || !entry.artifact_type.empty() ||
           (entry.platform && entry.platform->os == "unknown");
}

class Opener {
public:
    Opener(Readers readers, OpenedImage result, const std::optional<oci::Platform> &platform,
           const std::stop_token &stop)
        : readers_{std::move(readers)}, platform_{platform}, stop_{stop}, result_{std::move(result)}
    {
    }

    OpenedImage open()
    {
        result_.blobs = readers_.blobs;
        auto json = read_document(*readers_.manifests, result_.top, stop_);
        result_.top_json = json;
        add(result_.top, std::move(json), 0);
        if (result_.variants.empty())
            throw Error{ErrorKind::not_found, platform_ ? fmt::format("the image has no variant for {}",
                                                                      oci::format_platform(*platform_))
                                                        : std::string{"it has no container image in it"}};
        return std::move(result_);
    }

private:
    void add(const oci::Descriptor &descriptor, std::string json, int depth)
    {
        auto document = oci::parse_manifest(json, oci::media_type_name(descriptor.media_type));
        if (const auto *manifest = std::get_if<oci::Manifest>(&document))
            return add_manifest(descriptor, *manifest, std::move(json));
        if (depth == deepest_index)
            throw Error{ErrorKind::integrity, "the image is an index of indexes too deep"};
        const auto &index = std::get<oci::Index>(document);
        if (depth == 0) {
            result_.is_index = true;
            result_.annotations = index.annotations;
        }
        if (platform_) {
            const auto chosen = oci::choose(index.manifests, *platform_);
            if (chosen)
                add(*chosen, read_document(*readers_.manifests, *chosen, stop_), depth + 1);
            return;
        }
        for (const auto &entry : index.manifests)
            add_entry(entry, depth);
    }

    void add_entry(const oci::Descriptor &entry, int depth)
    {
        if (result_.variants.size() + result_.companions.size() >= most_variants)
            throw Error{ErrorKind::integrity, "the index has too many entries"};
        if (!is_companion(entry))
            return add(entry, read_document(*readers_.manifests, entry, stop_), depth + 1);
        Companion companion{entry, {}};
        try {
            companion.json = read_document(*readers_.manifests, entry, stop_);
        } catch (const Error &error) { // copies of images often leave them behind
            if (error.kind() != ErrorKind::not_found)
                throw;
        }
        result_.companions.push_back(std::move(companion));
    }

    void add_manifest(const oci::Descriptor &descriptor, const oci::Manifest &manifest, std::string json)
    {
        if (!is_container(manifest)) {
            result_.companions.push_back({descriptor, std::move(json)});
            return;
        }
        auto config = read_document(*readers_.blobs, manifest.config, stop_);
        auto image = oci::assemble(manifest, oci::parse_image_config(config), readers_.blobs);
        result_.variants.push_back({descriptor, std::move(json), std::move(config), std::move(image)});
    }

    Readers readers_;
    const std::optional<oci::Platform> &platform_;
    const std::stop_token &stop_;
    OpenedImage result_;
};

OpenedImage open_with(Readers readers, const Location &location, oci::Descriptor top,
                      const std::optional<oci::Platform> &platform, const std::stop_token &stop)
{
    return Opener{std::move(readers), {.name = location.text, .top = std::move(top)}, platform, stop}.open();
}

bool names(const oci::Descriptor &entry, const std::string &reference)
{
    if (entry.digest.str() == reference)
        return true;
    for (const auto *key : {"org.opencontainers.image.ref.name", "io.containerd.image.name"}) {
        const auto found = entry.annotations.find(key);
        if (found == entry.annotations.end())
            continue;
        const auto &name = found->second;
        if (name == reference || name.ends_with(":" + reference))
            return true;
    }
    return false;
}

oci::Descriptor choose_entry(const std::vector<oci::Descriptor> &entries, const Location &location)
{
    for (const auto &entry : entries)
        if (!location.reference.empty() && names(entry, location.reference))
            return entry;
    if (!location.reference.empty())
        throw Error{ErrorKind::not_found,
                    fmt::format("{} has no image \"{}\"", location.path.native(), location.reference)};
    if (entries.empty())
        throw Error{ErrorKind::not_found, fmt::format("{} has no image", location.path.native())};
    if (entries.size() == 1)
        return entries.front();
    for (const auto &entry : entries)
        if (names(entry, "latest"))
            return entry;
    throw Error{ErrorKind::usage, fmt::format("{} has {} images", location.path.native(), entries.size())}
        .with_hint("say which one: PATH:TAG or PATH@sha256:…");
}

OpenedImage open_layout(const Location &location, const std::optional<oci::Platform> &platform,
                        const std::stop_token &stop)
{
    const auto layout = oci::Layout::open_existing(location.path);
    return open_with({layout, layout}, location, choose_entry(layout->manifests(), location), platform, stop);
}

OpenedImage open_archive(const Location &location, const std::optional<oci::Platform> &platform,
                         const std::stop_token &stop)
{
    const auto file = std::make_shared<const ArchiveFile>(location.path, stop);
    if (const auto index = file->read("index.json", document_limit)) {
        const auto document = oci::parse_manifest(*index, oci::media_type_name(oci::MediaType::oci_index));
        const auto blobs = std::make_shared<const ArchiveBlobs>(file);
        return open_with({blobs, blobs}, location,
                         choose_entry(std::get<oci::Index>(document).manifests, location), platform, stop);
    }
    auto saved = open_saved_image(file, location.reference, stop);
    OpenedImage image{.name = location.text, .top = saved.manifest.config}; // the ID: there is no manifest
    image.blobs = saved.blobs;
    auto parsed = oci::assemble(saved.manifest, oci::parse_image_config(saved.config_json), saved.blobs);
    image.variants.push_back({image.top, {}, std::move(saved.config_json), std::move(parsed)});
    return image;
}

OpenedImage open_remote(const Location &location, registry::Client &client,
                        const std::optional<oci::Platform> &platform, const std::stop_token &stop)
{
    const auto name = oci::Reference::parse(location.reference);
    const auto raw = client.manifest(name, stop);
    if (!raw)
        throw Error{ErrorKind::not_found, fmt::format("there is no image {}", name.str())}.with_hint(
            "an image on disk is oci-layout://PATH, oci-archive://PATH or docker-archive://PATH");
    const Readers readers{std::make_shared<RegistryManifests>(client, name),
                          registry::blob_reader(client, name)};
    return open_with(readers, location, raw->descriptor, platform, stop);
}

} // namespace

Location parse_location(std::string_view text)
{
    using Kind = Location::Kind;
    struct Scheme {
        std::string_view prefix;
        Kind kind;
    };
    static constexpr std::array schemes{
        Scheme{"oci-layout://", Kind::layout},      Scheme{"oci-archive://", Kind::archive},
        Scheme{"docker-archive://", Kind::archive}, Scheme{"docker-image://", Kind::registry},
        Scheme{"docker://", Kind::registry},        Scheme{"oci-archive:", Kind::archive},
        Scheme{"docker-archive:", Kind::archive},   Scheme{"oci:", Kind::layout},
    };
    for (const auto &scheme : schemes) {
        if (!text.starts_with(scheme.prefix))
            continue;
        const auto rest = text.substr(scheme.prefix.size());
        if (scheme.kind != Kind::registry)
            return local(scheme.kind, rest, text);
        static_cast<void>(oci::Reference::parse(rest));
        return {Kind::registry, {}, std::string{rest}, std::string{text}};
    }
    if (looks_like_path(text)) {
        auto location = local(Kind::layout, text, text);
        if (!fs::is_directory(location.path))
            location.kind = Kind::archive;
        return location;
    }
    static_cast<void>(oci::Reference::parse(text));
    return {Kind::registry, {}, std::string{text}, std::string{text}};
}

OpenedImage open_image(const Location &location, registry::Client &client,
                       const std::optional<oci::Platform> &platform, const std::stop_token &stop)
{
    return in_context([&] { return "opening " + location.text; },
                      [&] {
                          switch (location.kind) {
                          case Location::Kind::layout:
                              return open_layout(location, platform, stop);
                          case Location::Kind::archive:
                              return open_archive(location, platform, stop);
                          case Location::Kind::registry:
                              return open_remote(location, client, platform, stop);
                          }
                          throw Error{ErrorKind::internal, "an image has no valid location"};
                      });
}

} // namespace mica::verify
