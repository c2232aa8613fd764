#pragma once
/// @file
/// The backends `ns` (real root) and `userns` (a user namespace). They differ in who may
/// mount, and in the form of the layers on disk.
#include "sandbox/id_map.hh"
#include "sandbox/protocol.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <memory>
#include <optional>

namespace mica::sandbox {

struct NamespaceOptions {
    std::filesystem::path state;
    std::optional<IdMaps> user_namespace; ///< none: ns
    Storage storage{};
    Confinement confinement{};
    bool fake_root = false; ///< for a map of one id; needs Storage::plain
};

/// Checks nothing: see probe_namespaces().
[[nodiscard]] std::unique_ptr<Backend> namespace_backend(NamespaceOptions options);

/// Does the real thing once: namespaces, maps, a root file system in the state directory,
/// every mount of a command, and executing nothing. Throws Error with what was refused.
void probe_namespaces(const NamespaceOptions &options);

} // namespace mica::sandbox
