#pragma once
/// @file
/// The flag tables as text: for the terminal and for docs/kaniko.md.
#include "cli/kaniko/flag.hh"
#include <string>

namespace mica::cli::kaniko {

/// What --help says.
[[nodiscard]] std::string help(const Program &program);
/// docs/kaniko.md as a whole.
[[nodiscard]] std::string markdown();

} // namespace mica::cli::kaniko
