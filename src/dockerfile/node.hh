#pragma once
/// @file
/// From a logical line to a node of the tree.
#include "dockerfile/ast.hh"
#include <string>

namespace mica::dockerfile {

/// Everything but heredocs and comments. `where` is the place of the line, for the
/// node and those nested in it. Throws Error (dockerfile) without a place.
[[nodiscard]] Node parse_node(std::string line, char escape, const SourceSpan &where);

} // namespace mica::dockerfile
