#pragma once
/// @file
/// The program: its commands, and which one was asked for.
#include "cli/environment.hh"
#include "cli/option.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

/// All commands, for help and documentation; their options lead nowhere.
[[nodiscard]] std::vector<CommandSpec> all_commands();

/// "mica 0.1.0".
[[nodiscard]] std::string version_line();

/// `name` is what the program was called as: "executor" is Kaniko's program, and so is "mica executor".
/// `arguments` are those behind it. Returns the exit status; failures have been shown.
[[nodiscard]] int run(const std::string &name, const std::vector<std::string> &arguments,
                      const Environment &environment);

} // namespace mica::cli
