#pragma once
/// @file
/// --call outline: what a target can be given.
#include "plan/planner.hh"
#include <string>
#include <vector>

namespace mica::plan {

struct Outline {
    struct Argument {
        std::string name, description, value;
        SourceSpan where;
    };
    struct Need {
        std::string id;
        bool required = false;
        SourceSpan where;
    };
    std::string name, description;   ///< of the target
    std::vector<Argument> arguments; ///< with the values that they have in this build
    std::vector<Need> secrets, ssh;
};

/// In the order of the file. Plans the target without building it. Throws Error.
[[nodiscard]] Outline make_outline(const dockerfile::Program &program, const dockerfile::Ast &ast,
                                   const PlanOptions &options, Resolver &resolver);

} // namespace mica::plan
