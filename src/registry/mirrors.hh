#pragma once
/// @file
/// Pulling from places that have copies.
#include "registry/registry.hh"
#include <memory>

namespace mica::registry {

/// Asks the mirrors of an image's registry in order, then the registry itself (unless only mirrors
/// are to be asked). A mirror that fails or has not got it is no error, but is told. What is pushed goes
/// to the registry. `settings` as in make_registry().
[[nodiscard]] std::unique_ptr<Registry> with_mirrors(std::unique_ptr<Registry> inner,
                                                     const Settings &settings);

/// The image as a mirror has it: "mirror.example/hub" has library/alpine as hub/library/alpine. Throws Error
/// (usage).
[[nodiscard]] oci::Reference mirrored(const oci::Reference &image, const std::string &mirror);

} // namespace mica::registry
