#pragma once
/// @file
/// An image, with all its platforms or one of them, from one place to others.
#include "base/event.hh"
#include "cli/tools/image_store.hh"
#include "oci/platform.hh"
#include <optional>
#include <span>
#include <stop_token>

namespace mica::cli {

/// Blobs (several at once) before the manifests that name them, those before their index, names last: on
/// failure no name has moved. With `only` an index is resolved to the image of that platform. Returns what
/// was named. Throws Error, Cancelled.
oci::Descriptor copy_image(ImageSource &from, std::span<const std::unique_ptr<ImageTarget>> to,
                           const std::optional<oci::Platform> &only, EventBus &bus, TaskId parent,
                           const std::stop_token &stop);

/// The top of a source, or the manifest of one platform in it.
[[nodiscard]] registry::RawManifest resolve_top(ImageSource &from, const std::optional<oci::Platform> &only,
                                                const std::stop_token &stop);

} // namespace mica::cli
