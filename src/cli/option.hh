#pragma once
/// @file
/// Commands and options as data: parsing, --help and docs/cli.md come from one table.
#include <functional>
#include <string>
#include <vector>

namespace mica::cli {

struct OptionSpec {
    std::string names;      ///< "-f,--file": short forms first
    std::string value_name; ///< "PATH"; empty for a switch
    std::string help;       ///< one sentence or more, without line breaks
    /// Given again, adds to what was given before; else the last one counts.
    bool repeatable = false;
    /// Takes one value; for a switch "true" or "false". Throws Error (usage).
    std::function<void(const std::string &value)> apply;
};

/// An argument that is no option; all of them are required, but for a list.
struct OperandSpec {
    std::string name; ///< "CONTEXT"
    std::string help;
    std::function<void(const std::string &value)> apply;
    bool is_list = false;    ///< the last one only: any number, also none
    bool repeatable = false; ///< the last one only: one or more
};

struct CommandSpec {
    std::string name;        ///< "build"
    std::string summary;     ///< one line
    std::string description; ///< paragraphs, separated by an empty line
    std::vector<OptionSpec> options;
    std::vector<OperandSpec> operands;
};

} // namespace mica::cli
