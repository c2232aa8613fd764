#pragma once
/// @file
/// Kaniko's warmer: base images, fetched before executors want them.
#include "cli/environment.hh"
#include "cli/kaniko/flag.hh"
#include "cli/kaniko/log_options.hh"
#include "cli/kaniko/registry_flags.hh"
#include "oci/platform.hh"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct WarmerOptions {
    std::vector<std::string> images;
    std::string dockerfile; ///< empty: none
    std::map<std::string, std::string> build_args;
    std::string cache_dir = "/cache";
    std::optional<oci::Platform> platform;
    RegistryFlags registry;
    LogOptions log;
};

/// The table; it writes into `into`; both arguments must outlive it.
[[nodiscard]] Program warmer_program(WarmerOptions &into, const Environment &environment);

/// `arguments` without the program's name. The exit status: 1 if there is nothing to fetch, or nothing could
/// be. Throws Error for a command line that cannot be understood.
[[nodiscard]] int run_warmer(const std::vector<std::string> &arguments, const Environment &environment);

} // namespace mica::cli::kaniko
