#pragma once
/// @file
/// An image as a whole: its documents, and where its blobs can be read. The
/// builder starts from one and ends with one; outputs write it somewhere.
#include "oci/blob_store.hh"
#include "oci/image_config.hh"
#include "oci/model.hh"
#include <memory>
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

/// Writes config and manifest. The result depends on the image's values alone.
/// With docker_types set, a zstd layer is refused with Error (usage).
[[nodiscard]] EncodedImage encode(const Image &image);

} // namespace mica::oci
