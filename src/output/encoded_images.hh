#pragma once
/// @file
/// Built images in the form in which one output writes them.
#include "oci/image.hh"
#include "output/output.hh"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mica::output {

/// The images with the output's media types and annotations, and their documents.
/// Attestations are images too, the last ones: their layers are statements.
struct EncodedImages {
    std::vector<oci::Image> images;
    std::vector<oci::EncodedImage> documents; ///< one an image
    std::optional<oci::RawIndex> index;       ///< several platforms, or attestations

    /// What a name stands for: the index, or the one image.
    [[nodiscard]] const oci::Descriptor &top() const
    {
        return index ? index->descriptor : documents.front().manifest;
    }
};

[[nodiscard]] EncodedImages encode_all(const BuiltImages &built, const OutputSpec &spec);

/// A blob that belongs to an image, and where its bytes are.
struct ImageBlob {
    oci::Descriptor descriptor;
    std::shared_ptr<const oci::BlobReader> from; ///< null: `bytes` are the blob
    std::string bytes;

    [[nodiscard]] std::unique_ptr<Source> open(const std::stop_token &stop) const;
};

/// Every blob once, what refers to others after them. Layers that may not be distributed
/// (they have addresses of their own) are left out unless asked for.
[[nodiscard]] std::vector<ImageBlob> blobs_of(const EncodedImages &images, bool with_foreign_layers);

[[nodiscard]] std::uint64_t total_size(const std::vector<ImageBlob> &blobs);

} // namespace mica::output
