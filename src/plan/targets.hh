#pragma once
/// @file
/// --call targets: the stages that can be built.
#include "dockerfile/instruction.hh"
#include <string>
#include <vector>

namespace mica::plan {

struct TargetInfo {
    std::string name; ///< empty: it can only be built as the default
    std::string description;
    std::string base, platform; ///< as written in FROM, variables not expanded
    bool is_default = false;
    SourceSpan where;
};

/// In the order of the file.
[[nodiscard]] std::vector<TargetInfo> list_targets(const dockerfile::Program &program);

} // namespace mica::plan
