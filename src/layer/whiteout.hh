#pragma once
/// @file
/// Removals as names, as the OCI image-spec's layer.md has them.
#include <string_view>

namespace mica::layer {

/// ".wh.NAME" says that NAME of the lower layers is gone.
inline constexpr std::string_view whiteout_prefix = ".wh.";
/// In a directory: all that lower layers had in it is gone.
inline constexpr std::string_view opaque_name = ".wh..wh..opq";
/// Names that aufs kept for itself; they are no part of the image.
inline constexpr std::string_view aufs_prefix = ".wh..wh.";

} // namespace mica::layer
