#pragma once
/// @file
/// Where Kaniko's flags say that context and Dockerfile are.
#include "cli/kaniko/executor_options.hh"
#include <string>

namespace mica::cli::kaniko {

/// The context as "mica build" takes it: a directory. Throws Error (usage, unsupported).
[[nodiscard]] std::string context_of(const ExecutorOptions &options);

/// The Dockerfile: as given if there is such a file, else in the context.
[[nodiscard]] std::string dockerfile_of(const ExecutorOptions &options, const std::string &context);

} // namespace mica::cli::kaniko
