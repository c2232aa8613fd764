#pragma once
/// @file
/// --check: what could be better in a Dockerfile, without building it.
#include "plan/planner.hh"
#include <optional>
#include <vector>

namespace mica::plan {

struct CheckReport {
    std::vector<Warning> warnings; ///< in the order found
    std::optional<Error> error;    ///< why it cannot be built; remarks up to there are in warnings
};

/// Looks at every stage, or at what options.target needs if it is given. `ast` parses; that
/// its instructions make sense is part of the question. Images are resolved, as their
/// configs matter. Throws only Cancelled and what is no Error.
[[nodiscard]] CheckReport check_dockerfile(const dockerfile::Ast &ast, const PlanOptions &options,
                                           Resolver &resolver);

} // namespace mica::plan
