#include "sandbox/command_runner.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/process.hh"
#include "os/socket.hh"
#include "sandbox/init.hh"
#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

unsigned long namespaces(const InitPlan &plan)
{
    unsigned long flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    if (plan.private_proc)
        flags |= CLONE_NEWPID;
    if (plan.request.no_network)
        flags |= CLONE_NEWNET;
    return flags;
}

void make_mount_points(MountPoints &places, const InitPlan &plan, int root)
{
    for (const char *path : {"/proc", "/sys", "/dev"})
        places.ensure(root, path, MountPoints::Kind::directory);
    for (const auto &mount : plan.mounts)
        places.ensure(root, mount.target, mount.kind);
}

} // namespace

void wait_until_dead(const os::Process &init, Channel &channel)
{
    std::array<pollfd, 2> watched{{{init.pidfd(), POLLIN, 0}, {channel.fd(), POLLIN, 0}}};
    while (true) {
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            throw system_error("poll", errno);
        if (watched[0].revents != 0)
            return;
        if (watched[1].revents != 0) {
            const auto message = channel.receive();
            init.kill(SIGKILL);
            if (!message)
                watched[1].fd = -1; // serve() will see the end as well
        }
    }
}

void begin_command(InitPlan &plan, Channel &channel) noexcept
{
    channel.close();
    run_init(plan);
}

RunAnswer read_report(RunningCommand command)
{
    const auto ended = command.init.wait();
    FdSource source{std::move(command.report)};
    const auto bytes = read_all(source, Channel::most_bytes);
    if (bytes.empty()) {
        if (ended.by_signal)
            return {true, ended.value};
        throw Error{ErrorKind::internal, "the first process of the sandbox ended without a report"};
    }
    const auto report = decode<InitReport>(bytes);
    if (report.failed)
        throw decode_error(report.error);
    return {report.by_signal, report.value};
}

/// What the command's first process learned about files. It shares nothing with us but this file.
void take_records(Fd changed, FileRecords &records)
{
    os::check(::lseek(changed.get(), 0, SEEK_SET), "lseek");
    FdSource source{std::move(changed)};
    records.merge(read_all(source, Channel::most_bytes));
}

/// Returns when all is over, with what was learned about files.
RunAnswer run_to_the_end(InitPlan plan, unsigned long flags, Channel &channel)
{
    auto *const records = plan.records;
    Fd changed;
    if (records != nullptr) {
        changed = Fd{os::check(::memfd_create("records", MFD_CLOEXEC), "memfd_create")};
        plan.records_changed = Fd{os::check(::fcntl(changed.get(), F_DUPFD_CLOEXEC, 0), "dup")};
    }
    auto running = start_command(std::move(plan), flags, channel, [] {});
    wait_until_dead(running.init, channel);
    if (flags == 0)
        os::kill_children(running.init.pid());
    const auto answer = read_report(std::move(running));
    if (records != nullptr)
        take_records(std::move(changed), *records);
    return answer;
}

RunAnswer run_command(InitPlan plan, const RootPlace &root, Channel &channel)
{
    plan.root = root.path;
    MountPoints places;
    struct Cleaner {
        MountPoints &places;
        ~Cleaner() { places.remove(); }
    } const cleaner{places};
    make_mount_points(places, plan, root.fd);
    const auto flags = namespaces(plan);
    return run_to_the_end(std::move(plan), flags, channel);
}

RunAnswer run_command_below(InitPlan plan, const RootPlace &root, Channel &channel)
{
    plan.root = root.path;
    return run_to_the_end(std::move(plan), 0, channel);
}

} // namespace mica::sandbox
