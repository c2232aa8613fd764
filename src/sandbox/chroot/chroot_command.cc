#include "sandbox/chroot/chroot_command.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/file_lock.hh"
#include "os/landlock.hh"
#include "os/path_walk.hh"
#include "os/process.hh"
#include "os/socket.hh"
#include "sandbox/chroot/borrowed_root.hh"
#include "sandbox/chroot/device_files.hh"
#include "sandbox/chroot/machine_calls.hh"
#include "sandbox/chroot/shown_files.hh"
#include "sandbox/chroot/supervised_tree.hh"
#include "sandbox/chroot/virtual_proc.hh"
#include "sandbox/command_runner.hh"
#include "sandbox/stand_ins.hh"
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/supervisor.hh"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

namespace fs = std::filesystem;

RunAnswer run_supervised(InitPlan plan, SupervisedTree &tree, const Dispatch &dispatch, Channel &channel)
{
    plan.filter = dispatch.filter();
    auto [ours, theirs] = os::socket_pair();
    plan.supervision = std::move(theirs);
    auto running = start_command(std::move(plan), 0, channel, [&] { ours.reset(); });
    tree.starts_at(running.init.pid());
    Fd listener = receive_listener(ours.get());
    std::optional<Supervisor> supervisor;
    if (listener) {
        supervisor.emplace(std::move(listener), dispatch, [&] { running.init.kill(SIGKILL); });
        release_supervised(ours.get());
    }
    wait_until_dead(running.init, channel);
    // Strays still wait for answers; they are killed first.
    os::kill_children(running.init.pid());
    if (supervisor)
        if (auto failure = supervisor->failure())
            throw Error{*failure};
    return read_report(std::move(running));
}

RunAnswer run_alone(InitPlan plan, Channel &channel)
{
    auto running = start_command(std::move(plan), 0, channel, [] {});
    wait_until_dead(running.init, channel);
    os::kill_children(running.init.pid());
    return read_report(std::move(running));
}

} // namespace

ChrootAnswer run_in_place(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                          Channel &channel)
{
    const auto all_scratch = sources.place.parent_path().parent_path();
    const os::FileLock alone{all_scratch / "in-place.guard", os::LockMode::exclusive, {}};
    const OwnPlace own_place{sources.place};
    os::check(::mkdir((sources.place / "of-container").c_str(), 0700), "mkdir");
    BorrowedRoot borrowed{root.path, sources.place / "of-container"};
    SupervisedTree tree{"/"};
    StandIns stand_ins{"/", sources.place / "hidden"};
    ShownFiles shown{sources, tree, stand_ins, nullptr};
    for (const auto &mount : plan.request.mounts)
        in_context([&] { return fmt::format("mount {}", mount.target); }, [&] { shown.one(mount); });
    Dispatch dispatch;
    shown.secrets().attach(dispatch);
    if (plan.request.no_network)
        refuse_network(dispatch);
    plan.root = "/";
    const bool is_supervised = !shown.secrets().empty() || plan.request.no_network;
    plan.request.mounts.clear();
    ChrootAnswer answer;
    answer.ended = is_supervised ? run_supervised(std::move(plan), tree, dispatch, channel)
                                 : run_alone(std::move(plan), channel);
    answer.moved = stand_ins.restore();
    for (auto &file : borrowed.give_back())
        answer.moved.push_back(std::move(file));
    return answer;
}

ChrootAnswer run_in_chroot(InitPlan plan, const RootPlace &root, const ChrootSources &sources,
                           Channel &channel)
{
    const OwnPlace own_place{sources.place};
    SupervisedTree tree{root.path};
    MountPoints system_places;
    struct Cleaner {
        MountPoints &places;
        ~Cleaner() { places.remove(); }
    } const cleaner{system_places};
    for (const char *path : {"/proc", "/sys"})
        system_places.ensure(root.fd, path, MountPoints::Kind::directory);
    StandIns stand_ins{root.path, sources.place / "hidden"};
    DeviceFiles devices{tree, sources.place / "dev", nullptr};
    stand_ins.give(sources.place / "dev", "/dev");
    ShownFiles shown{sources, tree, stand_ins, nullptr};
    shown.generated("/etc/hosts", plan.request.hosts);
    shown.generated("/etc/resolv.conf", plan.request.resolv_conf);
    for (const auto &mount : plan.request.mounts)
        in_context([&] { return fmt::format("mount {}", mount.target); }, [&] { shown.one(mount); });
    const auto lists = fs::path{root.path} / "dev" / ".proc";
    os::check(::mkdir(lists.c_str(), 0711), lists.native());
    VirtualProc proc{tree, lists, os::can_confine_files()};
    Dispatch dispatch;
    proc.attach(dispatch);
    devices.attach(dispatch);
    shown.secrets().attach(dispatch);
    show_host_name(dispatch, plan.request.hostname);
    if (plan.request.no_network)
        refuse_network(dispatch);
    plan.root = root.path;
    plan.request.mounts.clear(); // with the secrets in them
    ChrootAnswer answer;
    answer.ended = run_supervised(std::move(plan), tree, dispatch, channel);
    answer.moved = stand_ins.restore();
    return answer;
}

} // namespace mica::sandbox
