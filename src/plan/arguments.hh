#pragma once
/// @file
/// ARGs before the first FROM.
#include "base/error.hh"
#include "dockerfile/instruction.hh"
#include "dockerfile/words.hh"
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mica::plan {

/// Variables that steer the builder and never reach the environment of a stage.
[[nodiscard]] bool is_builder_only(std::string_view name);

/// What --call outline tells of an argument.
struct ArgumentInfo {
    std::string name, value, description;
    std::set<std::string> uses; ///< the other arguments in its default
    SourceSpan where;
};

struct GlobalArguments {
    dockerfile::EnvList values; ///< the automatic ones, then those that have a value
    std::map<std::string, ArgumentInfo> declared;
};

/// Evaluates the ARGs in order; a default is looked at only where `build_args` has no
/// value, and may use the arguments above it. Throws Error (dockerfile).
[[nodiscard]] GlobalArguments evaluate_global_args(const std::vector<dockerfile::Instruction> &args,
                                                   dockerfile::EnvList automatic,
                                                   const std::map<std::string, std::string> &build_args,
                                                   char escape);

} // namespace mica::plan
