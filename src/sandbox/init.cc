#include "sandbox/init.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/landlock.hh"
#include "os/mount.hh"
#include "os/process.hh"
#include "sandbox/command_process.hh"
#include "sandbox/command_supervisor.hh"
#include "sandbox/root_mounts.hh"
#include "sandbox/wire.hh"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// How a RUN ends
//
// A command may leave processes behind: a daemon that a package's script started, a job in
// the background. The step ends when the command itself ends, and nothing that it left may
// go on writing while the layer is read, nor outlive the build. Looking for strays and
// killing them is a race that a fork loop wins. So each command runs in a process namespace
// of its own, whose first process is this one, and not the command: it holds no code of the
// image, cannot be traced by it (it has more capabilities), and does not get the command's
// signals. When it exits, the kernel kills every process of the namespace, however deep and
// in whatever session, and only then lets the agent see it dead. One waitid() is thus all
// that is needed to know that everything is over.
//
// A user namespace inside a container mostly cannot have that: where the container's runtime has
// covered parts of /proc, the kernel gives nobody a new one, and processes that do not find
// themselves in /proc fail in odd ways. Then the command shares the container's process namespace.
// What a Landlock scope allows is next best: this process and its descendants can signal one another
// and nobody else, so that kill(-1) from here means "all of mine", and it is atomic: a fork that has
// not finished sees the signal. On an older kernel children are killed one by one, orphans being
// adopted, until there are none.
//
// The other direction is a chain: mica's end closes the agent's channel, the agent kills this
// process, and should the agent itself be killed, the parent death signal does it. That signal
// is set after fork: if the agent died in between, nobody reads the report pipe any more,
// which poll() tells.

namespace mica::sandbox {
namespace {

void report(const Fd &pipe, InitReport report)
{
    const auto bytes = encode(std::move(report));
    try {
        write_all(pipe.get(), as_bytes(bytes));
    } catch (const Error &) {
        ::_exit(1);
    }
}

void report_error(const Fd &pipe, const Error &error)
{
    report(pipe, {true, false, 0, encode_error(error)});
}

void die_with_agent(const Fd &report_pipe)
{
    os::check(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl PR_SET_PDEATHSIG");
    pollfd watched{report_pipe.get(), 0, 0};
    if (::poll(&watched, 1, 0) > 0)
        ::_exit(1);
}

void bring_up_loopback()
{
    const Fd socket{os::check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")};
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    os::check(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "bring up the loopback interface");
}

void set_up(InitPlan &plan)
{
    if (plan.confinement != Confinement::namespaces) {
        // What the limits of this process need, that has no CAP_SYS_ADMIN to make them.
        os::check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl PR_SET_NO_NEW_PRIVS");
        return;
    }
    os::stop_propagation();
    // Podman's system call filter refuses it, and nothing depends on it: /etc/hosts has the name.
    (void)!::sethostname(plan.request.hostname.data(), plan.request.hostname.size());
    if (plan.request.no_network)
        bring_up_loopback();
    RootMounts system{plan};
    os::pivot_root_to(open_file(plan.root, O_PATH | O_DIRECTORY).get());
    system.attach();
    const Fd root = open_file("/", O_RDONLY | O_DIRECTORY);
    MountPoints places;
    for (const auto &mount : plan.mounts) {
        places.ensure(root.get(), mount.target, mount.kind);
        os::attach_mount(mount.mount.get(), mount.target);
    }
    plan.mounts.clear();
    plan.devices.clear();
}

/// See above. True if signals from here reach descendants alone.
bool prepare_shared_namespace(const InitPlan &plan)
{
    if (plan.private_proc)
        return false;
    os::adopt_orphans();
    const bool may_be_confined = !plan.request.insecure || plan.confinement != Confinement::namespaces;
    // Who is confined below the root directory later, too.
    const bool files_follow =
        plan.confinement == Confinement::chroot || plan.confinement == Confinement::translation;
    return may_be_confined && os::confine({.abstract_sockets = files_follow, .signals = true}, files_follow);
}

void end_everything(const InitPlan &plan, bool confined)
{
    if (plan.private_proc)
        return;
    if (confined)
        ::kill(-1, SIGKILL);
    os::kill_children();
}

[[noreturn]] void run_command(const InitPlan &plan, CommandSupervisor *supervisor) noexcept
{
    try {
        if (supervisor != nullptr)
            supervisor->in_child();
        become_command(plan);
    } catch (const Error &error) {
        report_error(plan.report, error);
    }
    ::_exit(1);
}

} // namespace

void run_init(InitPlan &plan) noexcept
{
    try {
        die_with_agent(plan.report);
        set_up(plan);
        const bool confined = prepare_shared_namespace(plan);
        const auto supervisor = make_command_supervisor(plan);
        const pid_t command = os::check(::fork(), "fork");
        if (command == 0)
            run_command(plan, supervisor.get());
        if (supervisor)
            supervisor->start(command);
        plan.supervision.reset();
        plan.standard_output.reset();
        plan.standard_error.reset();
        const int status = supervisor ? supervisor->wait(command) : wait_for_command(command);
        end_everything(plan, confined);
        if (supervisor)
            supervisor->finish();
        const bool by_signal = WIFSIGNALED(status);
        report(plan.report, {false, by_signal, by_signal ? WTERMSIG(status) : WEXITSTATUS(status), {}});
    } catch (const Error &error) {
        report_error(plan.report, error);
    } catch (...) {
        ::_exit(1);
    }
    ::_exit(0);
}

} // namespace mica::sandbox
