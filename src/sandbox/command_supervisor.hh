#pragma once
/// @file
/// The supervisor of one command. Lives in the command's first process.
#include "io/fd.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/supervisor/fake_world.hh"
#include "sandbox/supervisor/shared_root_paths.hh"
#include "sandbox/supervisor/supervisor.hh"
#include <optional>
#include <sys/types.h>

namespace mica::sandbox {

/// Made before the command is forked, in its root file system. The plan's filter and its end of the
/// socket are set here.
class CommandSupervisor {
public:
    explicit CommandSupervisor(InitPlan &plan);

    /// In the child, before become_command().
    void in_child() { ours_.reset(); }
    /// In the parent: returns when the command is supervised, or dead.
    void start(pid_t command);
    /// When the command is dead: hands the records over. Throws the supervisor's failure.
    void finish();

private:
    InitPlan &plan_;
    ProcessTable processes_;
    SharedRootPaths paths_;
    FakeWorld world_;
    Dispatch dispatch_;
    Fd ours_;
    std::optional<Supervisor> supervisor_;
};

} // namespace mica::sandbox
