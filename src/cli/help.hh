#pragma once
/// @file
/// The table of commands as text: for the terminal and for docs/cli.md.
#include "cli/option.hh"
#include <span>
#include <string>

namespace mica::cli {

/// What `mica help` says.
[[nodiscard]] std::string overview(std::span<const CommandSpec> commands);
/// What `mica help COMMAND` says.
[[nodiscard]] std::string command_help(const CommandSpec &command);
/// docs/cli.md as a whole.
[[nodiscard]] std::string markdown(std::span<const CommandSpec> commands);

} // namespace mica::cli
