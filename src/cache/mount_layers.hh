#pragma once
/// @file
/// Directories of RUN --mount=type=cache as layers of a cache image.
#include "base/clock.hh"
#include "oci/image.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mica::cache {

/// The annotations of such a layer: the SHA-256 of what tells the mount apart (which may be
/// any text), and when a build last exported it.
inline constexpr const char *mount_annotation = "dev.mica.cache.mount",
                            *used_annotation = "dev.mica.cache.used";

/// A mount that a RUN of the build had.
struct UsedMount {
    std::string id; ///< as the Dockerfile says it
    std::uint32_t uid = 0, gid = 0;
};

/// A mount's directory as a layer.
struct PackedMount {
    std::string identity;
    oci::PlacedLayer layer;
};

/// The layer of the mount in a cache image; nullopt: it has none.
[[nodiscard]] std::optional<oci::PlacedLayer> mount_layer(const oci::Image &image,
                                                          const std::string &identity);
/// Whether the image has just these mounts.
[[nodiscard]] bool has_mounts(const oci::Image &image, const std::vector<PackedMount> &mounts);
/// The mounts of a cache image to be: those of `before` (may be null) that were exported since
/// `oldest`, unless `mounts` has them anew.
[[nodiscard]] std::vector<oci::PlacedLayer>
merged_mounts(const oci::Image *before, const std::vector<PackedMount> &mounts, Time now, Time oldest);

} // namespace mica::cache
