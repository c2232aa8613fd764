#pragma once
/// @file
/// Where a backend keeps what in the state directory.
#include "sandbox/id_map.hh"
#include <filesystem>
#include <optional>

namespace mica::sandbox {

struct StateDirectories {
    std::filesystem::path layers;  ///< extracted layers; shared by all builds
    std::filesystem::path caches;  ///< cache directories of commands; shared as well
    std::filesystem::path scratch; ///< one directory a workspace
};

/// Makes them. Layers on disk cannot be shared by namespaces that see other ids in them:
/// each map has directories of its own, and so have files whose owners are recorded. Throws Error.
[[nodiscard]] StateDirectories make_state_directories(const std::filesystem::path &state,
                                                      const std::optional<IdMaps> &maps, bool fake_root);

} // namespace mica::sandbox
