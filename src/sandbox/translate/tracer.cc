#include "sandbox/translate/tracer.hh"

#include "os/check.hh"
#include "sandbox/supervisor/fake_program.hh"
#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include "sandbox/translate/program_loader.hh"
#include "sandbox/translate/registers.hh"
#include "sandbox/translate/remote_calls.hh"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <linux/seccomp.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What a tracer is for
//
// Most calls that name a file can be made by the supervisor in the process' place. What changes the
// process itself cannot: its program (execve), its working directory (chdir), its sockets. For these the
// filter stops the process for its tracer (SECCOMP_RET_TRACE), who writes other arguments below its
// stack, lets the call happen, and puts the registers back at its end: to the program, the call changed
// nothing else. All other calls run without the tracer's knowledge.
//
// The order of events is not always the order of things. A new process stops before its first
// instruction, and may be seen before its parent's report of it; it is kept until that comes, because it
// inherits what its parent executes. A thread that calls execve takes the number of its process. And a
// thread can be killed at any time: each request can fail with ESRCH, which means that its end will be
// reported, and nothing else.
//
// A process that is traced already cannot be traced by a debugger of its own (EPERM).

namespace mica::sandbox {
namespace {

constexpr unsigned call_stop = SIGTRAP | 0x80U; ///< PTRACE_O_TRACESYSGOOD

void resume(pid_t thread, __ptrace_request how, int signal = 0)
{
    if (::ptrace(how, thread, 0, signal) != 0)
        throw CallFailed{errno};
}

pid_t event_process(pid_t thread)
{
    unsigned long message = 0;
    if (::ptrace(PTRACE_GETEVENTMSG, thread, 0, &message) != 0)
        throw CallFailed{errno};
    return static_cast<pid_t>(message);
}

/// The call that the thread is about to make.
SystemCall stopped_call(pid_t thread)
{
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0)
        throw CallFailed{errno};
    seccomp_data data{};
    data.nr = static_cast<int>(info.seccomp.nr);
    data.arch = info.arch;
    std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args), std::begin(data.args));
    return SystemCall{thread, data};
}

} // namespace

void Tracer::seize(pid_t command)
{
    constexpr unsigned long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                                      PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL |
                                      PTRACE_O_TRACESYSGOOD;
    os::check(::ptrace(PTRACE_SEIZE, command, 0, options), "trace the command");
    threads_[command].process = command;
}

int Tracer::serve(pid_t command)
{
    while (true) {
        int status = 0;
        const pid_t thread = ::waitpid(-1, &status, __WALL);
        if (thread < 0 && errno == EINTR)
            continue;
        os::check(thread, "wait for the command");
        const auto end = handle(thread, status);
        if (end && thread == command)
            return *end;
    }
}

void Tracer::end_everything()
{
    // A new process stops for us first, so that none gets away.
    while (true) {
        for (const auto &[thread, state] : threads_)
            ::kill(thread, SIGKILL);
        int status = 0;
        const pid_t thread = ::waitpid(-1, &status, __WALL);
        if (thread < 0 && errno == EINTR)
            continue;
        if (thread < 0)
            return;
        if (WIFSTOPPED(status))
            threads_[thread];
        else
            threads_.erase(thread);
    }
}

std::optional<int> Tracer::handle(pid_t thread, int status)
{
    if (WIFSTOPPED(status)) {
        try {
            stopped(thread, status);
            return std::nullopt;
        } catch (const CallFailed &) {
            return std::nullopt; // killed: its end comes next
        } catch (const ThreadEnded &end) {
            status = end.status;
        }
    }
    ended(thread);
    return status;
}

void Tracer::ended(pid_t thread)
{
    threads_.erase(thread);
    programs_.forget(thread);
    // It may have died before it told of a child.
    for (auto &[other, state] : threads_)
        if (state.waits) {
            state.waits = false;
            state.process = other;
            (void)::ptrace(PTRACE_CONT, other, 0, 0);
        }
}

void Tracer::stopped(pid_t thread, int status)
{
    const int signal = WSTOPSIG(status);
    const auto kind = static_cast<unsigned>(status) >> 16U;
    if (kind != 0)
        event(thread, kind, signal);
    else if (signal == static_cast<int>(call_stop))
        after_call(thread);
    else
        resume(thread, PTRACE_CONT, signal);
}

void Tracer::event(pid_t thread, unsigned event, int signal)
{
    switch (event) {
    case PTRACE_EVENT_SECCOMP:
        return before_call(thread);
    case PTRACE_EVENT_EXEC:
        return executed(thread);
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        born(thread, event_process(thread), event == PTRACE_EVENT_CLONE);
        return resume(thread, PTRACE_CONT);
    case PTRACE_EVENT_STOP:
        if (signal != SIGTRAP)
            return resume(thread, PTRACE_LISTEN); // stopped by SIGSTOP or the like, until SIGCONT
        threads_[thread].waits = threads_[thread].process == 0;
        if (!threads_[thread].waits)
            resume(thread, PTRACE_CONT);
        return;
    default:
        return resume(thread, PTRACE_CONT);
    }
}

void Tracer::born(pid_t parent, pid_t child, bool is_thread)
{
    auto &state = threads_[child];
    state.process = child;
    if (is_thread) {
        try {
            state.process = proc_status(child).process;
        } catch (const CallFailed &) {
            state.process = child; // killed meanwhile
        }
    }
    if (state.process == child)
        programs_.inherit(threads_[parent].process, child);
    if (std::exchange(state.waits, false))
        (void)::ptrace(PTRACE_CONT, child, 0, 0);
}

void Tracer::before_call(pid_t thread)
{
    const auto call = stopped_call(thread);
    try {
        if (auto rewriting = calls_.rewrite(call))
            return rewrite(thread, call, std::move(*rewriting));
        resume(thread, PTRACE_CONT);
    } catch (const CallFailed &failed) {
        Registers registers{thread};
        registers.skip_call(-failed.error_number);
        registers.store();
        resume(thread, PTRACE_CONT);
    }
}

void Tracer::rewrite(pid_t thread, const SystemCall &call, Rewriting rewriting)
{
    // Below what a function may use without moving the stack pointer.
    constexpr std::uint64_t red_zone = 256;
    constexpr std::uint64_t alignment = 64;
    Registers registers{thread};
    const auto place = (registers.stack() - red_zone - rewriting.bytes.size()) & ~(alignment - 1);
    call.write(place, std::as_bytes(std::span{rewriting.bytes}));
    auto &state = threads_[thread];
    state.abi = call.abi();
    state.arguments = {{rewriting.argument, registers.argument(call.abi(), rewriting.argument)}};
    registers.set_argument(call.abi(), rewriting.argument, place);
    if (rewriting.number) {
        const auto [argument, value] = *rewriting.number;
        state.arguments.emplace_back(argument, registers.argument(call.abi(), argument));
        registers.set_argument(call.abi(), argument, value);
    }
    state.launch = std::move(rewriting.launch);
    state.executed = false;
    registers.store();
    resume(thread, PTRACE_SYSCALL); // stops again at the call's end
}

void Tracer::executed(pid_t thread)
{
    const pid_t former = event_process(thread);
    if (former != thread) {
        auto state = threads_.extract(former);
        threads_.erase(thread);
        if (state) {
            state.key() = thread;
            threads_.insert(std::move(state));
        }
    }
    auto &state = threads_[thread];
    state.process = thread;
    state.executed = true;
    resume(thread, PTRACE_SYSCALL);
}

void Tracer::after_call(pid_t thread)
{
    auto &state = threads_[thread];
    if (state.launch && state.executed)
        return finish(thread);
    Registers registers{thread};
    for (const auto &[argument, value] : state.arguments)
        registers.set_argument(state.abi, argument, value);
    registers.store();
    state.arguments.clear();
    state.launch.reset();
    resume(thread, PTRACE_CONT);
}

void Tracer::finish(pid_t thread)
{
    auto &state = threads_[thread];
    auto launch = std::move(*state.launch);
    state.launch.reset();
    state.arguments.clear();
    programs_.set(thread, launch.seen);
    const auto &processes = world_.fake.processes();
    if (!processes.all_initial() || !processes.initial().is_root())
        become_program(world_.fake, thread, launch.file.get());
    std::vector<int> signals;
    try {
        signals = finish_launch(thread, std::move(launch), world_.handed);
    } catch (const CallFailed &) {
        // There is no program any more that could be told.
        ::kill(thread, SIGKILL);
        return;
    }
    resume(thread, PTRACE_CONT);
    for (const int signal : signals)
        ::syscall(SYS_tgkill, thread, thread, signal);
}

} // namespace mica::sandbox
