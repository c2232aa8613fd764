#pragma once
/// @file
/// Kaniko's executor: its flags, typed, and the table that they come from.
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include "cli/kaniko/cache_flags.hh"
#include "cli/kaniko/digest_files.hh"
#include "cli/kaniko/flag.hh"
#include "cli/kaniko/git_flags.hh"
#include "cli/kaniko/log_options.hh"
#include "cli/kaniko/registry_flags.hh"
#include "oci/reference.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct ExecutorOptions {
    std::string context = "/workspace/";
    std::string context_sub_path, bucket;
    GitFlags git;
    std::string dockerfile = "Dockerfile";
    std::vector<oci::Reference> destinations;
    std::vector<std::string> targets;
    bool no_push = false, reproducible = false, dry_run = false;
    std::optional<bool> docker_format; ///< --image-format; unset: as the base image
    std::string tar_path, oci_layout_path;
    DigestFiles digest_files;
    CacheFlags cache;
    RegistryFlags registry;
    LogOptions log;
    std::optional<std::string> kaniko_dir;
    /// What means the same to "mica build"; the rest of it is filled by build_options_of().
    BuildOptions build;
};

/// The table; it writes into `into`; both arguments must outlive it.
[[nodiscard]] Program executor_program(ExecutorOptions &into, const Environment &environment);

/// Checks what only several flags together say: a destination or --no-push, formats that fit. Throws Error
/// (usage).
void check_together(const ExecutorOptions &options);

} // namespace mica::cli::kaniko
