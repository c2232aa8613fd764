#pragma once
/// @file
/// An image as a whole: its documents, and where its blobs can be read. The
/// builder starts from one and ends with one; outputs write it somewhere.
#include "oci/blob_store.hh"
#include "oci/image_config.hh"
#include "oci/model.hh"
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mica::oci {

/// A layer and where its blob can be read now. The base's layers stay where
/// they are (a registry) until somebody needs their bytes.
struct PlacedLayer {
    Layer layer;
    std::shared_ptr<const BlobReader> blobs;
};

struct Image {
    ImageConfig config;
    std::vector<PlacedLayer> layers;
    Annotations annotations{};
    /// Whether Docker's media types are asked for instead of OCI's.
    bool docker_types = false;
};

/// The exact bytes that get pushed: made once, so every output has one digest.
struct EncodedImage {
    std::string config_json, manifest_json;
    Descriptor config, manifest;
};

struct RawIndex {
    std::string json;
    Descriptor descriptor;
};

/// Writes config and manifest. The result depends on the image's values alone.
/// The diff_ids are those of the layers; other ones in the config are Error (internal). Layers'
/// media types are written in the asked family. With docker_types set, a zstd layer and
/// annotations are refused with Error (usage).
[[nodiscard]] EncodedImage encode(const Image &image);

/// The image that a manifest and its configuration describe; the blobs of its layers are
/// read from `blobs`. Throws Error (integrity) when the two do not fit together.
[[nodiscard]] Image assemble(const Manifest &manifest, ImageConfig config,
                             const std::shared_ptr<const BlobReader> &blobs);

/// The bytes of an index over images that were encoded, with their descriptors in this order.
[[nodiscard]] RawIndex encode_index(std::span<const EncodedImage> images, bool docker_types,
                                    Annotations annotations = {});

} // namespace mica::oci
