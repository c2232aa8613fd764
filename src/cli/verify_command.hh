#pragma once
/// @file
/// `mica verify`: whether an image comes from what it says it comes from.
#include "cli/build_options.hh"
#include "cli/diff_command.hh"
#include "cli/environment.hh"
#include "cli/option.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct VerifyOptions {
    std::string image;
    BuildOptions build; ///< inputs that the user gives; they win over recorded ones
    bool from_provenance = false;
    ReportFormat format = ReportFormat::text;
    std::optional<std::filesystem::path> output;
};

[[nodiscard]] CommandSpec verify_command_spec(VerifyOptions &into, const Environment &environment);
/// nullopt: help was asked for. Throws Error (usage).
[[nodiscard]] std::optional<VerifyOptions> parse_verify_options(const std::vector<std::string> &arguments,
                                                                const Environment &environment);

/// Rebuilds without a cache and compares. 0 and one line: the same; 1 and a report: it is something else;
/// 2: it cannot be told, for what standard error says.
int run_verify(const VerifyOptions &options, const Environment &environment, const std::stop_token &stop);

} // namespace mica::cli
