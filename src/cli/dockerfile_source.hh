#pragma once
/// @file
/// The Dockerfile that the user means, and its ignore file.
#include "context/ignore_file.hh"
#include <filesystem>
#include <optional>
#include <string>

namespace mica::cli {

struct DockerfileSource {
    std::string text;
    std::string name; ///< in messages: as the user gave it
    context::IgnoreFile ignore;
};

/// `file` as --file has it. Throws Error (not_found, usage, io).
[[nodiscard]] DockerfileSource read_dockerfile(const std::filesystem::path &context,
                                               const std::optional<std::string> &file);

/// Refuses what cannot be a context directory. Throws Error (usage, not_found).
void check_context(const std::string &context);

} // namespace mica::cli
