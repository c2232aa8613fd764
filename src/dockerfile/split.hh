#pragma once
/// @file
/// The first division of an instruction: keyword, flags, rest.
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

struct CommandParts {
    std::string keyword;            ///< as written; empty for a blank line
    std::vector<std::string> flags; ///< "--x=y", quotes and escapes resolved
    std::string rest;               ///< blanks trimmed
};

/// `line` is a logical line. Flags are the words behind the keyword that begin with
/// "--"; a "--" alone ends them and is dropped.
[[nodiscard]] CommandParts split_command(std::string_view line, char escape);

} // namespace mica::dockerfile
