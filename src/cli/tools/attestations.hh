#pragma once
/// @file
/// What is attached to images: provenance, bills of software, signatures.
#include "cli/tools/image_store.hh"
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct AttachedDocument {
    Digest image;                 ///< what it is about
    Digest manifest;              ///< what carries it
    oci::Descriptor blob;         ///< the document
    std::string kind;             ///< "provenance", "SBOM", "signature", "other"
    std::string format;           ///< "SLSA provenance v1", "SPDX", …; else the type as it is written
    std::string predicate_type{}; ///< of an in-toto statement
};

/// The manifests in an index that stand beside this image of it and are about it (BuildKit's way).
[[nodiscard]] std::vector<oci::Descriptor> beside(const oci::Index &index, const Digest &image);

/// What the manifests, which are about `image`, carry; a manifest that comes twice counts once. Throws Error;
/// Cancelled.
[[nodiscard]] std::vector<AttachedDocument> attached_documents(ImageSource &source, const Digest &image,
                                                               const std::vector<oci::Descriptor> &manifests,
                                                               const std::stop_token &stop);

} // namespace mica::cli
