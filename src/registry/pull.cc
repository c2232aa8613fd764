#include "registry/pull.hh"

#include "base/error.hh"
#include "oci/json.hh"
#include "oci/platform.hh"
#include <fmt/format.h>

namespace mica::registry {

namespace {

constexpr int deepest_index = 4;

[[noreturn]] void refuse_platform(const oci::Index &index, const oci::Platform &wanted)
{
    std::string others;
    for (const auto &entry : index.manifests)
        if (entry.platform && entry.platform->os != "unknown")
            others += (others.empty() ? "" : ", ") + oci::format_platform(*entry.platform);
    throw Error{ErrorKind::not_found,
                fmt::format("the image has no variant for {}{}", oci::format_platform(wanted),
                            others.empty() ? "" : "; there is " + others)};
}

struct Chosen {
    oci::Descriptor descriptor;
    oci::Manifest manifest;
};

Chosen choose_manifest(Client &client, const oci::Reference &name, RawManifest raw,
                       const oci::Platform &platform, const std::stop_token &stop)
{
    for (int depth = 0; depth <= deepest_index; ++depth) {
        auto document = oci::parse_manifest(raw.bytes, oci::media_type_name(raw.descriptor.media_type));
        if (auto *manifest = std::get_if<oci::Manifest>(&document))
            return {std::move(raw.descriptor), std::move(*manifest)};
        const auto &index = std::get<oci::Index>(document);
        const auto entry = oci::choose(index.manifests, platform);
        if (!entry)
            refuse_platform(index, platform);
        auto next = client.manifest(name.with_digest(entry->digest), stop);
        if (!next)
            throw Error{ErrorKind::not_found,
                        fmt::format("the image names {}, but the registry has no such manifest",
                                    entry->digest.str())};
        raw = std::move(*next);
    }
    throw Error{ErrorKind::integrity,
                fmt::format("the image is an index of indexes more than {} deep", deepest_index)};
}

} // namespace

std::optional<PulledImage> pull(Client &client, const oci::Reference &name, const oci::Platform &platform,
                                const std::stop_token &stop)
{
    return in_context(
        [&] { return fmt::format("pulling {}", name.str()); },
        [&]() -> std::optional<PulledImage> {
            auto raw = client.manifest(name, stop);
            if (!raw)
                return std::nullopt;
            const auto pinned = name.with_digest(raw->descriptor.digest);
            auto [descriptor, manifest] = choose_manifest(client, name, std::move(*raw), platform, stop);
            const auto type = manifest.config.media_type;
            if (type != oci::MediaType::oci_config && type != oci::MediaType::docker_config)
                throw Error{ErrorKind::unsupported,
                            "it is not a container image: its configuration is of another type"};
            const auto blobs = blob_reader(client, name);
            const auto config = read_all(*blobs->open(manifest.config, stop), oci::config_limit);
            return PulledImage{oci::assemble(manifest, oci::parse_image_config(config), blobs),
                               std::move(descriptor), pinned};
        });
}

} // namespace mica::registry
