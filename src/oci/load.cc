#include "oci/layout.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "oci/json.hh"
#include "oci/platform.hh"
#include <fmt/format.h>

namespace mica::oci {

namespace {

constexpr int deepest_index = 4;

std::string read_document(const BlobReader &blobs, const Descriptor &blob, std::size_t limit,
                          const std::stop_token &stop)
{
    throw_if_stopped(stop);
    if (blob.size > limit)
        throw Error{ErrorKind::integrity, fmt::format("{} has {} bytes; more than {} are not read",
                                                      blob.digest.str(), blob.size, limit)};
    return read_all(*blobs.open(blob, stop), limit);
}

[[noreturn]] void refuse_platform(const Index &index, const Platform &wanted)
{
    std::string others;
    for (const auto &entry : index.manifests)
        if (entry.platform && entry.platform->os != "unknown")
            others += (others.empty() ? "" : ", ") + format_platform(*entry.platform);
    throw Error{ErrorKind::not_found,
                fmt::format("the image has no variant for {}{}", format_platform(wanted),
                            others.empty() ? "" : "; there is " + others)};
}

Manifest resolve(const BlobReader &blobs, Descriptor descriptor, const Platform &platform,
                 const std::stop_token &stop)
{
    for (int depth = 0; depth <= deepest_index; ++depth) {
        const auto json = read_document(blobs, descriptor, manifest_limit, stop);
        auto document = parse_manifest(json, media_type_name(descriptor.media_type));
        if (auto *manifest = std::get_if<Manifest>(&document))
            return std::move(*manifest);
        const auto &index = std::get<Index>(document);
        auto chosen = choose(index.manifests, platform);
        if (!chosen)
            refuse_platform(index, platform);
        descriptor = std::move(*chosen);
    }
    throw Error{ErrorKind::integrity,
                fmt::format("the image is an index of indexes more than {} deep", deepest_index)};
}

} // namespace

Image load_image(const std::shared_ptr<const BlobReader> &blobs, const Descriptor &manifest,
                 const Platform &platform, const std::stop_token &stop)
{
    const auto describe = [&] { return fmt::format("image {}", manifest.digest.str()); };
    return in_context(describe, [&] {
        const auto resolved = resolve(*blobs, manifest, platform, stop);
        const auto type = resolved.config.media_type;
        if (type != MediaType::oci_config && type != MediaType::docker_config)
            throw Error{ErrorKind::unsupported,
                        fmt::format("it is not a container image: its configuration is of type {}",
                                    type == MediaType::other ? resolved.config.other_media_type
                                                             : std::string{media_type_name(type)})};
        auto config = parse_image_config(read_document(*blobs, resolved.config, config_limit, stop));
        return assemble(resolved, std::move(config), blobs);
    });
}

} // namespace mica::oci
