#pragma once
/// @file
/// `mica cache prune`: removing from a shared cache what nobody uses any more.
#include "cli/cache_options.hh"
#include "cli/environment.hh"
#include "cli/option.hh"
#include "cli/registry_options.hh"
#include <optional>
#include <stop_token>

namespace mica::cli {

struct SharedPruneOptions {
    std::optional<cache::ExportOptions> cache;
    std::optional<std::chrono::seconds> unused_for;
    RegistryOptions registries;
};

/// A table that writes into the options, which outlive it.
[[nodiscard]] CommandSpec shared_prune_command_spec(SharedPruneOptions &into);

/// Prints on standard output; returns the exit status. Throws Error, Cancelled.
[[nodiscard]] int run_shared_prune(const SharedPruneOptions &options, const std::stop_token &stop);

} // namespace mica::cli
