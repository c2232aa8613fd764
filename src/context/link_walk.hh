#pragma once
/// @file
/// Following links by hand, in any tree that is known only by metadata.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mica::context {

/// What is at a path: the text of a symbolic link, or nullopt for anything else (also
/// for nothing at all).
using LinkLookup = std::function<std::optional<std::string>(std::string_view path)>;

/// Where a path ends inside of a root: "..", absolute links and the like never leave it.
/// Links in the middle are followed, the last one if asked; components that do not exist
/// are kept. The result has the form of tar::Entry::path. Throws Error (io) on a loop.
[[nodiscard]] std::string follow_links(std::string_view path, bool follow_last, const LinkLookup &link_at);

} // namespace mica::context
