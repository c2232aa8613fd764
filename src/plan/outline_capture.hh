#pragma once
/// @file
/// What --call outline tells about a stage, gathered while it is planned.
#include "plan/arguments.hh"
#include <map>
#include <set>
#include <string>

namespace mica::plan {

struct OutlineCapture {
    struct Need {
        bool required = false;
        SourceSpan where;
    };
    std::map<std::string, ArgumentInfo> arguments;
    std::set<std::string> used; ///< names of arguments
    std::map<std::string, Need> secrets, ssh;
};

} // namespace mica::plan
