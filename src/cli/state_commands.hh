#pragma once
/// @file
/// `mica du` and `mica prune`: what the state directory holds, and making room in it.
#include "cli/environment.hh"
#include "cli/option.hh"
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct UsageOptions {
    std::optional<std::filesystem::path> state;
    bool verbose = false; ///< each item
};

struct PruneCommandOptions {
    std::optional<std::filesystem::path> state;
    std::optional<std::uint64_t> keep_storage;
    std::optional<std::chrono::seconds> unused_for;
    bool keep_mounts = false;
};

/// Tables that write into the options, which outlive them.
[[nodiscard]] CommandSpec usage_command_spec(UsageOptions &into);
[[nodiscard]] CommandSpec prune_command_spec(PruneCommandOptions &into);

/// Print on standard output; return the exit status. Throw Error, Cancelled.
[[nodiscard]] int run_usage(const UsageOptions &options, const Environment &environment,
                            const std::stop_token &stop);
[[nodiscard]] int run_prune(const PruneCommandOptions &options, const Environment &environment,
                            const std::stop_token &stop);

/// "1.5 GiB", "312 KiB", "0 B".
[[nodiscard]] std::string size_text(std::uint64_t bytes);
/// "500MiB", "10g". Throws Error (usage).
[[nodiscard]] std::uint64_t parse_storage(std::string_view text);

} // namespace mica::cli
