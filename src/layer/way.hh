#pragma once
/// @file
/// What lies on the way to one path, from the indexes of layers and without the tree of all their files:
/// to put one file into an image of a hundred thousand, a dozen of them matter.
#include "base/digest.hh"
#include "layer/file_tree.hh"
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

namespace mica::layer {

/// The index of one layer. Both must outlive its use.
struct IndexOf {
    const Digest &diff_id;
    std::string_view bytes;
};

/// A tree of `layers`, lowest first, whose find() is right for `path` and the directories above it, and for
/// nothing else. nullopt if a hard link is on the way: what it is another name of lies elsewhere.
/// Throws Error (integrity) for a damaged index.
[[nodiscard]] std::optional<FileTree> way_to(std::string_view path, std::span<const IndexOf> layers,
                                             const std::stop_token &stop);

} // namespace mica::layer
