#pragma once
/// @file
/// The Dockerfile that the user means, and its ignore file.
#include "context/ignore_file.hh"
#include "io/fd.hh"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace mica::cli {

struct DockerfileSource {
    std::string text;
    std::string name; ///< in messages: as the user gave it
    context::IgnoreFile ignore;
};

/// No Dockerfile is as long as this; a file that is was given by mistake.
inline constexpr std::uint64_t longest_dockerfile = std::uint64_t{16} << 20;

[[nodiscard]] Fd duplicate_of_stdin();
[[nodiscard]] std::string read_dockerfile_on_stdin();

/// `file` as --file has it. Throws Error (not_found, usage, io).
[[nodiscard]] DockerfileSource read_dockerfile(const std::filesystem::path &context,
                                               const std::optional<std::string> &file);

/// Refuses what cannot be a context directory. Throws Error (usage, not_found).
void check_context(const std::string &context);

} // namespace mica::cli
