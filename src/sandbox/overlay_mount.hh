#pragma once
/// @file
/// An overlay of a stack of layers and a fresh writable directory. Runs in the agent.
#include "io/fd.hh"
#include "sandbox/layer_stack.hh"
#include <filesystem>
#include <string>

namespace mica::sandbox {

/// Mounted while it lives. `place` is an empty directory of the agent's scratch space
/// and gets "upper", "work", "root" and "lower"; nothing of it is removed.
class OverlayMount {
public:
    /// Throws Error (unsupported, with the errno, when the kernel refuses every form).
    OverlayMount(const LayerStack &stack, OverlayForm form, std::filesystem::path place);
    OverlayMount(const OverlayMount &) = delete;
    OverlayMount &operator=(const OverlayMount &) = delete;
    ~OverlayMount();

    [[nodiscard]] std::filesystem::path root() const { return place_ / "root"; }
    [[nodiscard]] std::filesystem::path upper() const { return place_ / "upper"; }
    /// The mounted root, open as O_PATH.
    [[nodiscard]] int root_fd() const { return root_.get(); }

private:
    std::filesystem::path place_;
    Fd root_;
};

} // namespace mica::sandbox
