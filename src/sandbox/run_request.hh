#pragma once
/// @file
/// A Command as the helper process gets it.
#include "sandbox/protocol.hh"
#include "sandbox/sandbox.hh"
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mica::sandbox {

/// Makes sure that what a mount shows is on disk, and gives its names there.
struct MountSupply {
    std::function<std::vector<std::string>(const LayerView &)> layers;
    std::function<std::string(const UnpackedFiles &)> files;
    std::function<std::string(const CacheDirectory &)> cache;
};

/// Throws Error (usage) for what no process can have: no words, a zero byte in one, a
/// relative path of a mount.
[[nodiscard]] RunRequest run_request(const Command &command, const MountSupply &supply);

/// /etc/hosts of a command.
[[nodiscard]] std::string hosts_text(const Command &command);

} // namespace mica::sandbox
