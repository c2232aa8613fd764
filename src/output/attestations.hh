#pragma once
/// @file
/// Statements about images (in-toto), as manifests beside them.
#include "oci/reference.hh"
#include "output/encoded_images.hh"
#include <span>

namespace mica::output {

/// Appends one manifest for each image that has attestations, after the images, in the form in which BuildKit
/// attaches them (docs/attestations/attestation-storage.md there): an entry of the index of platform
/// unknown/unknown with the annotations vnd.docker.reference.type and .digest, and a layer a statement. They
/// have a subject too, so that registries list them as referrers of the image (OCI distribution-spec 1.1).
/// `names` are those that the statements are about. Gives the images an index, if there was none.
void add_attestations(std::span<const Attestation> attestations, std::span<const oci::Reference> names,
                      const oci::Annotations &index_annotations, EncodedImages &images);

} // namespace mica::output
