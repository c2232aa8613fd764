#include "oci/image.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "oci/json.hh"
#include <array>
#include <fmt/format.h>

namespace mica::oci {

namespace {

struct Pair {
    MediaType oci, docker;
};

constexpr std::array layer_types{
    Pair{MediaType::oci_layer, MediaType::docker_layer},
    Pair{MediaType::oci_layer_gzip, MediaType::docker_layer_gzip},
    Pair{MediaType::oci_foreign_layer_gzip, MediaType::docker_foreign_layer_gzip},
};

MediaType in_family(MediaType type, bool docker)
{
    for (const auto &[oci_type, docker_type] : layer_types)
        if (type == oci_type || type == docker_type)
            return docker ? docker_type : oci_type;
    return type;
}

/// What builders and pullers note for themselves and must not travel.
bool is_private_note(const std::string &key)
{
    return key == "containerd.io/uncompressed" || key == "buildkit/createdat" ||
           key.starts_with("containerd.io/distribution.source.");
}

Descriptor write_layer(const Descriptor &blob, bool docker)
{
    Descriptor out = blob;
    out.media_type = in_family(blob.media_type, docker);
    out.platform.reset();
    std::erase_if(out.annotations, [](const auto &note) { return is_private_note(note.first); });
    if (!docker)
        return out;
    out.annotations.clear(); // Docker's manifests have none, and none of a layer is asked for by the user
    if (out.media_type == MediaType::oci_layer_zstd || out.media_type == MediaType::other)
        throw Error{ErrorKind::usage,
                    fmt::format("a layer of type {} cannot be in an image with Docker's media types",
                                out.media_type == MediaType::other ? std::string_view{out.other_media_type}
                                                                   : media_type_name(out.media_type))}
            .with_hint("use OCI media types (oci-mediatypes=true) or gzip layers");
    return out;
}

Descriptor describe(MediaType type, const std::string &bytes)
{
    return {.media_type = type, .digest = sha256(bytes), .size = bytes.size()};
}

ImageConfig config_with_layers(const Image &image)
{
    ImageConfig config = image.config;
    config.diff_ids.clear();
    for (const auto &placed : image.layers)
        config.diff_ids.push_back(placed.layer.diff_id);
    if (!image.config.diff_ids.empty() && image.config.diff_ids != config.diff_ids)
        throw Error{ErrorKind::internal, "the image's configuration names other layers than the image has"};
    return config;
}

} // namespace

EncodedImage encode(const Image &image)
{
    if (image.docker_types && !image.annotations.empty())
        throw Error{ErrorKind::usage, "annotations cannot be in an image with Docker's media types"}
            .with_hint("use OCI media types (oci-mediatypes=true) or leave the annotations out");
    auto config_json = to_json(config_with_layers(image));
    Manifest manifest{.media_type = image.docker_types ? MediaType::docker_manifest : MediaType::oci_manifest,
                      .config = describe(
                          image.docker_types ? MediaType::docker_config : MediaType::oci_config, config_json),
                      .layers = {},
                      .annotations = image.annotations};
    for (const auto &placed : image.layers)
        manifest.layers.push_back(write_layer(placed.layer.blob, image.docker_types));
    auto manifest_json = to_json(manifest);
    auto descriptor = describe(manifest.media_type, manifest_json);
    if (!image.config.platform.architecture.empty())
        descriptor.platform = image.config.platform;
    return {std::move(config_json), std::move(manifest_json), std::move(manifest.config),
            std::move(descriptor)};
}

RawIndex encode_index(std::span<const EncodedImage> images, bool docker_types, Annotations annotations)
{
    Index index{.media_type = docker_types ? MediaType::docker_list : MediaType::oci_index,
                .manifests = {},
                .annotations = std::move(annotations)};
    for (const auto &image : images)
        index.manifests.push_back(image.manifest);
    auto json = to_json(index);
    auto descriptor = describe(index.media_type, json);
    return {std::move(json), std::move(descriptor)};
}

Image assemble(const Manifest &manifest, ImageConfig config, const std::shared_ptr<const BlobReader> &blobs)
{
    if (config.diff_ids.size() != manifest.layers.size())
        throw Error{ErrorKind::integrity,
                    fmt::format("the image's manifest has {} layers, its configuration names {}",
                                manifest.layers.size(), config.diff_ids.size())};
    Image image{.config = std::move(config),
                .layers = {},
                .annotations = manifest.annotations,
                .docker_types = manifest.media_type == MediaType::docker_manifest};
    for (std::size_t i = 0; i < manifest.layers.size(); ++i)
        image.layers.push_back({Layer{image.config.diff_ids[i], manifest.layers[i]}, blobs});
    return image;
}

} // namespace mica::oci
