#pragma once
/// @file
/// A root file system of extracted layers and one writable directory a step, joined by
/// overlayfs. Runs in the agent.
#include "io/fd.hh"
#include "sandbox/layer_stack.hh"
#include "sandbox/overlay_mount.hh"
#include "sandbox/workspace_root.hh"
#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

namespace mica::sandbox {

class OverlayRoot final : public WorkspaceRoot {
public:
    /// `scratch` is this workspace's own directory; each step gets a numbered one in it.
    OverlayRoot(OverlayForm form, std::filesystem::path scratch)
        : form_{form}, scratch_{std::move(scratch)}, stack_{form}
    {
    }

    /// A finished layer on top. Throws Error (internal) in the middle of a step.
    void add(StackLayer layer);
    [[nodiscard]] RootPlace mounted() override;
    /// What the step wrote becomes a layer of the stack, and stays as it is.
    [[nodiscard]] SealAnswer seal() override;
    void unmount() noexcept override { mounted_.reset(); }

private:
    void mount();
    void put_upper_on_stack();

    OverlayForm form_;
    std::filesystem::path scratch_;
    LayerStack stack_;
    std::size_t completed_ = 0; ///< layers of the stack whose notes have been seen to
    unsigned steps_ = 0;        ///< directories made
    std::unique_ptr<OverlayMount> mounted_;
    std::vector<std::size_t> uppers_; ///< places in the stack of what steps wrote
};

} // namespace mica::sandbox
