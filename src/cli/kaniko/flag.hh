#pragma once
/// @file
/// Kaniko's flags as data: parsing, --help and docs/kaniko.md come from one table.
#include "cli/environment.hh"
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

/// What mica does with a flag that Kaniko has.
enum class Effect : std::uint8_t {
    done,   ///< what it says
    nothing ///< accepted: what it is for cannot happen here
};

struct Flag {
    std::string name;         ///< "context", without dashes
    char short_name = 0;      ///< 'c'; 0: none
    std::string value_name;   ///< "DIR"; empty: a switch
    std::string default_text; ///< for people; empty: none
    std::string help;         ///< what it does here, as sentences
    /// Takes one value; of a switch "true" or "false". Throws Error (usage).
    std::function<void(const std::string &value)> apply;
    bool repeatable = false;
    Effect effect = Effect::done;
    std::vector<std::string> aliases{}; ///< older spellings, without dashes
    std::string variable{};             ///< gives the value where the flag is not given; empty: none
};

struct Operand {
    std::string name;
    std::function<void(const std::string &value)> apply;
};

/// One of Kaniko's programs, or a command of one.
struct Program {
    std::string name; ///< "executor", "executor login"
    std::string summary;
    std::vector<Flag> flags;
    std::vector<Operand> operands{}; ///< all of them are required
};

enum class Parsed : std::uint8_t { run, help_wanted };

/// Reads arguments as Go's pflag does: `--flag value`, `--flag=value`, `-f value`, `-f=value`, `-fvalue`; a
/// switch takes a value only behind "=". Variables of the environment count where their flag is not given.
/// Flags are applied in the order of the table, the last of several values counts where a flag is not
/// repeatable. Throws Error (usage), for an unknown flag with the one that was probably meant.
[[nodiscard]] Parsed parse(const Program &program, const std::vector<std::string> &arguments,
                           const Environment &environment);

/// "true", "t", "1", "TRUE" … as Go reads a truth value.
[[nodiscard]] bool parse_truth(std::string_view text);

} // namespace mica::cli::kaniko
