#pragma once
/// @file
/// A FROM with its variables expanded.
#include "plan/stage_graph.hh"

namespace mica::plan {

/// The node of a stage, without its base and commands. Throws Error (dockerfile).
[[nodiscard]] StageNode stage_header(const dockerfile::StageSource &stage, std::uint32_t number,
                                     const GlobalArguments &globals, char escape, const Reporter &reporter);

} // namespace mica::plan
