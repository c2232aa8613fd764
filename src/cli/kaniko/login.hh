#pragma once
/// @file
/// "executor login": writes credentials where mica, Kaniko and docker look for them.
#include "cli/environment.hh"
#include <string>
#include <vector>

namespace mica::cli::kaniko {

/// REGISTRY -u USER (-p PASSWORD | --password-stdin). Returns the exit status. Throws Error.
[[nodiscard]] int run_login(const std::vector<std::string> &arguments, const Environment &environment);

} // namespace mica::cli::kaniko
