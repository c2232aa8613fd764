#pragma once
/// @file
/// From "--from=x" and "from=x" to a stage or something outside the Dockerfile.
#include "plan/stage_graph.hh"

namespace mica::plan {

/// As Command::sources. Throws Error (dockerfile): no such index, a variable in --from.
[[nodiscard]] std::vector<std::optional<Source>> sources_of(const dockerfile::Instruction &instruction,
                                                            const StageGraph &graph);

} // namespace mica::plan
