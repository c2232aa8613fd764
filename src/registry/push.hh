#pragma once
/// @file
/// An image on its way to a repository: blobs first, several at once, then the
/// config, then the manifest, then the tags.
#include "base/event.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <span>
#include <stop_token>

namespace mica::registry {

struct PushOptions {
    /// Blobs that are looked for at once; how many are sent at once is the client's affair.
    unsigned parallel_blobs = 16;
};

/// Pushes to every destination (each with a tag). A tag is moved only after all
/// that it needs is there; on failure no tag was moved to an incomplete image.
void push(Client &client, const oci::Image &image, const oci::EncodedImage &encoded,
          std::span<const oci::Reference> destinations, const PushOptions &options, EventBus &bus,
          TaskId parent, const std::stop_token &stop);

/// The blobs alone, into the repository of `target`; for who puts the manifest himself.
void push_blobs(Client &client, const oci::Image &image, const oci::EncodedImage &encoded,
                const oci::Reference &target, const PushOptions &options, EventBus &bus, TaskId parent,
                const std::stop_token &stop);

} // namespace mica::registry
