#pragma once
/// @file
/// A command's arguments, told apart and handed to its table.
#include "cli/option.hh"
#include <string>
#include <vector>

namespace mica::cli {

enum class ParseOutcome : std::uint8_t { run, help_wanted };

/// Applies each option in the order of the table, operands last. Throws Error
/// (usage), for an unknown option with the one that was probably meant.
[[nodiscard]] ParseOutcome parse_arguments(const CommandSpec &command,
                                           const std::vector<std::string> &arguments);

} // namespace mica::cli
