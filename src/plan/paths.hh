#pragma once
/// @file
/// Paths as texts: what instructions do with them before any file system is there.
#include <string>
#include <string_view>

namespace mica::plan {

/// Without "." and empty parts, ".." resolved against the text; "." for nothing.
[[nodiscard]] std::string clean_path(std::string_view path);
/// clean_path of the two with a slash between; empty parts are left out.
[[nodiscard]] std::string join_paths(std::string_view parent, std::string_view child);
/// What follows the last slash; "/" for the root, "." for an empty path.
[[nodiscard]] std::string base_name(std::string_view path);
/// The absolute working directory after WORKDIR `path`. An absolute path is kept as it
/// is written, a relative one is joined to `current` and cleaned.
[[nodiscard]] std::string working_directory(std::string_view current, std::string_view path);
/// Destination of COPY and ADD, absolute. A trailing "/" or "/." is kept: it means a directory.
[[nodiscard]] std::string destination_path(std::string_view working_directory, std::string_view path);

} // namespace mica::plan
