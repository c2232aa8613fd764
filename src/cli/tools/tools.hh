#pragma once
/// @file
/// The commands beside the build: images between registries, layouts and archives, and logins.
#include "cli/environment.hh"
#include "cli/option.hh"
#include "cli/registry_options.hh"
#include "cli/tools/place.hh"
#include "oci/platform.hh"
#include "ui/renderer.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::cli {

/// What their options and operands say.
struct ToolOptions {
    std::string command; ///< "push", …, "index create"
    RegistryOptions registries;
    ui::Progress progress = ui::Progress::automatic;
    bool debug = false;
    std::optional<oci::Platform> platform; ///< unset: all of them
    std::vector<std::string> operands;
    std::optional<std::filesystem::path> state; ///< pull
    bool raw = false, config = false;           ///< inspect
    bool attestations = false;                  ///< inspect: with what they say
    std::optional<std::string> user;            ///< login
    bool password_from_stdin = false;           ///< login
};

/// Their tables, which write into `into`; it must outlive them.
[[nodiscard]] std::vector<CommandSpec> tool_commands(ToolOptions &into);

/// Runs the command that was asked for and parsed. Returns the exit status; failures have been shown.
[[nodiscard]] int run_tool(const ToolOptions &options, const Environment &environment);

} // namespace mica::cli
