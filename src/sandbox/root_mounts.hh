#pragma once
/// @file
/// The file systems that every container has: /proc, /sys, /dev and what is in
/// them, as Docker sets them up. Runs in a command's first process.
#include "io/fd.hh"
#include "sandbox/init_plan.hh"
#include <optional>

namespace mica::sandbox {

/// Two steps, since the kernel lets a user namespace mount a new /proc or /sys only while
/// it still sees one, and a mount's place must be looked up inside the new root.
class RootMounts {
public:
    /// In the old root: makes the mounts, attached nowhere.
    explicit RootMounts(const InitPlan &plan);
    /// In the new root: puts them in place.
    void attach();

private:
    void attach_devices();
    void hide_paths();

    const InitPlan &plan_;
    Fd proc_, sys_, dev_, pts_, shm_;
    std::optional<Fd> mqueue_, cgroup_;
};

} // namespace mica::sandbox
