#pragma once
/// @file
/// The syntax tree as S-expressions, for tests and for looking at.
#include "dockerfile/ast.hh"
#include <string>
#include <string_view>

namespace mica::dockerfile {

/// "(from "x")" and so on, one line an instruction.
[[nodiscard]] std::string dump(const Ast &ast);
/// Without the parentheses around it.
[[nodiscard]] std::string dump(const Node &node);
/// In double quotes, with \" \\ \n and so on; what cannot be printed as \xNN, \uNNNN or \UNNNNNNNN.
[[nodiscard]] std::string quote(std::string_view text);

} // namespace mica::dockerfile
