#pragma once
/// @file
/// What --iidfile and --metadata-file say of a finished build.
#include "oci/image.hh"
#include "oci/model.hh"
#include "oci/reference.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::cli {

struct ImageMetadata {
    oci::Descriptor descriptor;          ///< of the manifest or the index
    std::optional<Digest> config_digest; ///< none for an index
    std::vector<oci::Reference> names;
};

/// As the written manifest names it, in the media types that it has.
[[nodiscard]] std::optional<Digest> config_digest_of(const std::vector<oci::Image> &images,
                                                     const oci::Descriptor &written);
/// The image's ID as Docker has it: the config's digest; of an index, its own.
[[nodiscard]] Digest image_id(const ImageMetadata &metadata);
/// A JSON object with the keys of `docker buildx build --metadata-file`.
[[nodiscard]] std::string metadata_json(const ImageMetadata &metadata);

} // namespace mica::cli
