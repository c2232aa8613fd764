#pragma once
/// @file
/// The backends `ns` (real root) and `userns` (a user namespace): namespaces and an
/// overlay. They differ in who may mount, and in the form of the layers on disk.
#include "sandbox/id_map.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <memory>
#include <optional>

namespace mica::sandbox {

struct OverlayBackendOptions {
    std::filesystem::path state;
    std::optional<IdMaps> user_namespace; ///< none: ns
};

/// Checks nothing: see probe_overlay().
[[nodiscard]] std::unique_ptr<Backend> overlay_backend(OverlayBackendOptions options);

/// Does the real thing once: namespaces, maps, an overlay on the state directory, every
/// mount of a command, and executing nothing. Throws Error with what was refused.
void probe_overlay(const OverlayBackendOptions &options);

} // namespace mica::sandbox
