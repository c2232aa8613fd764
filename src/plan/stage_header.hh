#pragma once
/// @file
/// A FROM with its variables expanded.
#include "plan/stage_graph.hh"

namespace mica::plan {

/// The node of a stage, without its base and commands. Throws Error (dockerfile).
[[nodiscard]] StageNode stage_header(const dockerfile::StageSource &stage, std::uint32_t number,
                                     const GlobalArguments &globals, char escape, const Reporter &reporter);
/// The text of the doc comment "NAME text", empty if there is none.
[[nodiscard]] std::string description_of(const std::string &name, const std::vector<std::string> &comments);

} // namespace mica::plan
