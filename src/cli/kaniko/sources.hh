#pragma once
/// @file
/// Where Kaniko's flags say that context and Dockerfile are.
#include "cli/kaniko/executor_options.hh"

namespace mica::cli::kaniko {

/// Sets CONTEXT, its details and --file of the build. Throws Error (usage).
void apply_sources(const ExecutorOptions &options, const Environment &environment, BuildOptions &build);

} // namespace mica::cli::kaniko
