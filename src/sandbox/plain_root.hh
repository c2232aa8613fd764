#pragma once
/// @file
/// A root file system that is one plain directory. Runs in the agent.
#include "io/fd.hh"
#include "sandbox/tree_scan.hh"
#include "sandbox/workspace_root.hh"
#include <optional>
#include <span>
#include <string>

namespace mica::sandbox {

class PlainRoot final : public WorkspaceRoot {
public:
    /// `directory` is `name` seen from the scratch directory.
    PlainRoot(std::string directory, std::string name, bool may_mount, const FileRecords *records = nullptr)
        : path_{std::move(directory)}, name_{std::move(name)}, may_mount_{may_mount}, records_{records}
    {
    }
    ~PlainRoot() override { unmount(); }
    PlainRoot(const PlainRoot &) = delete;
    PlainRoot &operator=(const PlainRoot &) = delete;

    /// A layer is going to be applied to the directory. Throws Error (internal) in the middle
    /// of a step.
    void change_below();
    [[nodiscard]] RootPlace mounted() override;
    /// Files that we moved away and back are not changes of the step.
    void forgive(std::span<const MovedFile> moved);
    /// The files lie in the directory itself: the next command may change them.
    [[nodiscard]] SealAnswer seal() override;
    void unmount() noexcept override;

private:
    std::string path_, name_;
    bool may_mount_;
    const FileRecords *records_; ///< of a fake root
    Fd listed_;                  ///< the directory
    Fd mounted_;                 ///< the same as a mount point
    std::optional<TreeSnapshot> snapshot_;
    bool in_step_ = false;
};

} // namespace mica::sandbox
