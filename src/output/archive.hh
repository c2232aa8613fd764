#pragma once
/// @file
/// Images as one tar file.
#include "base/event.hh"
#include "io/stream.hh"
#include "oci/reference.hh"
#include "output/encoded_images.hh"
#include <span>
#include <stop_token>

namespace mica::output {

/// An OCI layout as a tar: blobs, index.json, oci-layout. The bytes depend on the images
/// and names alone. Does not finish `out`.
void write_oci_archive(const EncodedImages &images, std::span<const oci::Reference> names, Sink &out,
                       Task &task, const std::stop_token &stop);

/// The same with the manifest.json of `docker save`, which older readers (docker load, skopeo's and
/// podman's docker-archive:) go by.
void write_docker_archive(const EncodedImages &images, std::span<const oci::Reference> names, Sink &out,
                          Task &task, const std::stop_token &stop);

} // namespace mica::output
