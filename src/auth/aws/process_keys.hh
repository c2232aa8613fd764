#pragma once
/// @file
/// Keys from a program that a profile names (credential_process).
#include "auth/aws/keys.hh"
#include <string>
#include <string_view>
#include <vector>

namespace mica::auth::aws {

/// Runs the command, without a shell, and reads its JSON. Throws Error (usage, denied, not_found).
[[nodiscard]] Keys process_keys(const std::string &command, const std::string &profile);

/// The words of a command line: parted by blanks; quotes and backslashes as a shell has them.
/// Throws Error (usage) for a quote without an end.
[[nodiscard]] std::vector<std::string> shell_words(std::string_view text);

} // namespace mica::auth::aws
