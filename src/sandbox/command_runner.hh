#pragma once
/// @file
/// Runs one command from the agent: namespaces, first process, waiting, cleaning up.
#include "os/process.hh"
#include "os/socket.hh"
#include "sandbox/channel.hh"
#include "sandbox/init_plan.hh"
#include "sandbox/workspace_root.hh"

namespace mica::sandbox {

/// Blocks until everything that the command started is dead. `kill` on the channel, or its
/// end, ends the command; the answer is then a SIGKILL. Throws Error when the sandbox
/// could not be made. Mount points made for the run are removed again.
[[nodiscard]] RunAnswer run_command(InitPlan plan, const RootPlace &root, Channel &channel);

/// The same without mount points and namespaces.
[[nodiscard]] RunAnswer run_command_below(InitPlan plan, const RootPlace &root, Channel &channel);

/// The parts of it, for commands that are not only waited for.
struct RunningCommand {
    os::Process init; ///< the command's first process
    Fd report;
};

/// `in_child` runs in the first process, which then lets go of the channel and begins.
template <class Body>
[[nodiscard]] RunningCommand start_command(InitPlan plan, unsigned long namespaces, Channel &channel,
                                           Body &&in_child);
/// Kills the first process when mica says so or is gone.
void wait_until_dead(const os::Process &init, Channel &channel);
/// What run_command() returns. Blocks until the first process is dead.
[[nodiscard]] RunAnswer read_report(RunningCommand command);

/// See start_command(): begins, in the new process.
[[noreturn]] void begin_command(InitPlan &plan, Channel &channel) noexcept;

template <class Body>
RunningCommand start_command(InitPlan plan, unsigned long namespaces, Channel &channel, Body &&in_child)
{
    auto [report_in, report_out] = os::pipe();
    plan.report = std::move(report_out);
    auto cloned = os::clone_process(namespaces);
    if (cloned.pid == 0) {
        report_in.reset();
        in_child();
        begin_command(plan, channel);
    }
    return {os::Process{cloned.pid, std::move(cloned.pidfd)}, std::move(report_in)};
}

} // namespace mica::sandbox
