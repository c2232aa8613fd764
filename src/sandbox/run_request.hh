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

/// Makes sure that the layers are on disk, and gives their names.
using HoldLayers = std::function<std::vector<std::string>(std::span<const LayerSource>)>;

/// Throws Error (usage) for what no process can have: no words, a zero byte in one, a
/// relative path of a mount.
[[nodiscard]] RunRequest run_request(const Command &command, const HoldLayers &hold);

/// /etc/hosts of a command.
[[nodiscard]] std::string hosts_text(const Command &command);

} // namespace mica::sandbox
