#pragma once
/// @file
/// `mica lock`: pins what a Dockerfile takes from elsewhere.
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include "cli/option.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct LockOptions {
    BuildOptions build;
    std::filesystem::path file = "mica.lock";
    bool update = false;
};

[[nodiscard]] CommandSpec lock_command_spec(LockOptions &into, const Environment &environment);
/// nullopt: help was asked for. Throws Error (usage).
[[nodiscard]] std::optional<LockOptions> parse_lock_options(const std::vector<std::string> &arguments,
                                                            const Environment &environment);

/// Writes the lock, and what changed in it to standard output. The exit status is as that of a build.
int run_lock(const LockOptions &options, const Environment &environment, const std::stop_token &stop);

} // namespace mica::cli
