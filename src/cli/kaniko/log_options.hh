#pragma once
/// @file
/// --verbosity, --log-format and --log-timestamp, which all of Kaniko's programs have.
#include "cli/environment.hh"
#include "cli/kaniko/flag.hh"
#include "ui/renderer.hh"
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct LogOptions {
    std::string verbosity = "info", format = "color";
    bool timestamps = false;
};

[[nodiscard]] std::vector<Flag> log_flags(LogOptions &into);

/// `window`: of standard error, zeros if that is no terminal.
[[nodiscard]] ui::RendererOptions renderer_for(const LogOptions &options, const ui::Terminal &window,
                                               const Environment &environment);

} // namespace mica::cli::kaniko
