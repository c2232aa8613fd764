#pragma once
/// @file
/// `mica warm`: base images, fetched before a build wants them.
#include "cli/environment.hh"
#include "cli/option.hh"
#include "cli/registry_options.hh"
#include "oci/platform.hh"
#include "ui/renderer.hh"
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct WarmOptions {
    std::vector<std::string> images;
    std::optional<std::filesystem::path> dockerfile;
    std::string target;
    std::map<std::string, std::string> build_args;
    std::vector<oci::Platform> platforms;
    std::optional<std::filesystem::path> state, cache_dir;
    RegistryOptions registries;
    ui::Progress progress = ui::Progress::automatic;
};

/// A table that writes into the options, which outlive it.
[[nodiscard]] CommandSpec warm_command_spec(WarmOptions &into);

/// Fetches, shows it on standard error; returns the exit status. Throws Error, Cancelled.
[[nodiscard]] int run_warm(const WarmOptions &options, const Environment &environment,
                           const std::stop_token &stop);

} // namespace mica::cli
