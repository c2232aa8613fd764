#pragma once
/// @file
/// Kaniko's executor: builds an image and pushes it.
#include "cli/environment.hh"
#include "cli/kaniko/executor_options.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

/// What "mica build" is to do for these flags. Throws Error (usage, unsupported).
[[nodiscard]] BuildOptions build_options_of(const ExecutorOptions &options, const Environment &environment);

/// `arguments` without the program's name. The exit status: that of a RUN's command which failed, else 1 for
/// any failure, as Kaniko has it. Throws Error for a command line that cannot be understood.
[[nodiscard]] int run_executor(const std::vector<std::string> &arguments, const Environment &environment);

} // namespace mica::cli::kaniko
