#pragma once
/// @file
/// mica.lock: what the names in a Dockerfile meant when they were pinned. The format: docs/formats.md,
/// "Lock".
#include "exec/origins.hh"
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cli {

/// Throws Error (integrity).
[[nodiscard]] exec::Pins parse_lock(std::string_view json);
[[nodiscard]] std::string lock_json(const exec::Pins &pins);

/// Throws Error: not_found with a hint at "mica lock", integrity, io.
[[nodiscard]] exec::Pins read_lock(const std::filesystem::path &path);

/// A line for each name that came, went or means something else: "+ name digest".
[[nodiscard]] std::string describe_changes(const exec::Pins &before, const exec::Pins &after);

} // namespace mica::cli
