#pragma once
/// @file
/// `mica diff`: what two images differ in.
#include "cli/environment.hh"
#include "cli/option.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

enum class ReportFormat : std::uint8_t { text, json, html };

struct DiffOptions {
    std::string left, right;
    ReportFormat format = ReportFormat::text;
    std::optional<std::string> platform;
    std::optional<std::filesystem::path> output; ///< unset: standard output
    std::vector<std::string> insecure_registries;
    bool quiet = false; ///< the exit status alone
};

[[nodiscard]] CommandSpec diff_command_spec(DiffOptions &into);

/// nullopt: help was asked for. Throws Error (usage).
[[nodiscard]] std::optional<DiffOptions> parse_diff_options(const std::vector<std::string> &arguments);

/// Compares and writes the report. The exit status is that of diff: 0 the same, 1 they
/// differ, 2 trouble, which is told on standard error.
int run_diff(const DiffOptions &options, const Environment &environment, const std::stop_token &stop);

/// Writes a report where it belongs: a file, or standard output.
void write_report(const std::optional<std::filesystem::path> &output, const std::string &text);

/// "text", "json", "html"; throws Error (usage).
[[nodiscard]] ReportFormat parse_report_format(const std::string &text);

} // namespace mica::cli
