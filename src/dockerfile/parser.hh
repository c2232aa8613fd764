#pragma once
/// @file
/// Dockerfile text to syntax tree; see "Lexical rules" of docs/dockerfile.md.
#include "dockerfile/ast.hh"
#include <string>
#include <string_view>

namespace mica::dockerfile {

/// Throws Error (dockerfile) with the span. `file` names the text in spans. Linear in
/// the text's size.
[[nodiscard]] Ast parse(std::string_view text, std::string_view file);

} // namespace mica::dockerfile
