#pragma once
/// @file
/// The root file system of a workspace, as the agent has it: layers, and what the
/// commands of the step write.
#include "sandbox/protocol.hh"
#include <string>

namespace mica::sandbox {

/// A mount point.
struct RootPlace {
    std::string path;
    int fd; ///< open as O_PATH; the root's own
};

class WorkspaceRoot {
public:
    virtual ~WorkspaceRoot() = default;
    /// For the next command of the step.
    [[nodiscard]] virtual RootPlace mounted() = 0;
    /// Ends the step: lists what it wrote.
    [[nodiscard]] virtual SealAnswer seal() = 0;
    virtual void unmount() noexcept = 0;
};

} // namespace mica::sandbox
