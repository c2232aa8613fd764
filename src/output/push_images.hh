#pragma once
/// @file
/// Images to registries.
#include "base/event.hh"
#include "oci/reference.hh"
#include "output/encoded_images.hh"
#include "registry/client.hh"
#include <span>
#include <stop_token>

namespace mica::output {

/// To every name: of several platforms each image by its digest, then the index by its tag.
void push_images(const EncodedImages &images, std::span<const oci::Reference> names, registry::Client &client,
                 EventBus &bus, TaskId parent, const std::stop_token &stop);

} // namespace mica::output
