#pragma once
/// @file
/// An image by name, up to but not including the bytes of its layers.
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <optional>
#include <stop_token>

namespace mica::registry {

struct PulledImage {
    oci::Image image;           ///< its layers are read from the repository when asked
    oci::Descriptor descriptor; ///< of the manifest that was chosen
    oci::Reference pinned;      ///< repository@digest of what the name meant (an index' digest, if one)
};

/// Resolves an index to the best fit for `platform`, verifies, parses. nullopt: no
/// such image. Throws Error (not_found) naming the platforms there are when none
/// of them fits.
[[nodiscard]] std::optional<PulledImage> pull(Client &client, const oci::Reference &name,
                                              const oci::Platform &platform, const std::stop_token &stop);

} // namespace mica::registry
