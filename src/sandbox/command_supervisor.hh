#pragma once
/// @file
/// The supervisor of one command. Lives in the command's first process.
#include "sandbox/init_plan.hh"
#include "sandbox/supervisor/credentials.hh"
#include <memory>
#include <sys/types.h>

namespace mica::sandbox {

/// Made before the command is forked. Sets the plan's filter and its end of the socket.
class CommandSupervisor {
public:
    virtual ~CommandSupervisor() = default;
    /// In the child, before become_command().
    virtual void in_child() = 0;
    /// In the parent: returns when the command is supervised, or dead.
    virtual void start(pid_t command) = 0;
    /// Blocks until the command has ended; the status that waitpid(2) gives.
    [[nodiscard]] virtual int wait(pid_t command) = 0;
    /// When the command is dead: hands the records over. Throws the supervisor's failure.
    virtual void finish() = 0;
};

/// Null if the plan needs none. The plan must outlive it.
[[nodiscard]] std::unique_ptr<CommandSupervisor> make_command_supervisor(InitPlan &plan);

/// Waits for a child, and buries the orphans that come to this process.
[[nodiscard]] int wait_for_command(pid_t command);

/// For those who implement one: who a command begins as, and finish()'s last part.
[[nodiscard]] Credentials initial_credentials(const RunRequest &request);
void hand_over_records(InitPlan &plan);

} // namespace mica::sandbox
