#pragma once
/// @file
/// A directory of a context as a context.
#include "context/context.hh"
#include <memory>
#include <string_view>

namespace mica::context {

/// Throws Error (not_found) if there is no directory of that path, or it would be reached through a link.
[[nodiscard]] std::shared_ptr<const Context> subtree(std::shared_ptr<const Context> whole,
                                                     std::string_view directory);

} // namespace mica::context
