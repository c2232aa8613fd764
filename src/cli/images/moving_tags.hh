#pragma once
/// @file
/// Tags that must not go back to an older image.
#include "base/clock.hh"
#include "base/event.hh"
#include "oci/model.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <stop_token>
#include <vector>

namespace mica::cli {

/// Whether the image that has this name now was created later than `created`; false where there is none, or
/// its time is unknown.
[[nodiscard]] bool has_newer_image(registry::Client &client, const oci::Reference &name,
                                   const oci::Platform &platform, Time created, const std::stop_token &stop);

} // namespace mica::cli
