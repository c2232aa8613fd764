#pragma once
/// @file
/// When the sources in a directory were last committed.
#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace mica::exec {

/// Seconds since 1970 of the commit that the git work tree at (or around) `directory` is at, as its
/// committer's clock had it. Asks the program git. Throws Error (usage) if it is no work tree or has no
/// commit, (not_found) without git.
[[nodiscard]] std::int64_t commit_time(const std::filesystem::path &directory, const std::stop_token &stop);

} // namespace mica::exec
