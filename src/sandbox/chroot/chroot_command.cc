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
#include "sandbox/chroot/secret_files.hh"
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

/// What the mounts of a request become.
class ShownFiles {
public:
    ShownFiles(const ChrootSources &sources, const SupervisedTree &tree, StandIns &stand_ins)
        : sources_{sources}, secrets_{tree}, stand_ins_{stand_ins}
    {
    }

    void generated(const std::string &target, const std::string &bytes)
    {
        const auto path = next_place();
        const Fd file = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        write_all(file.get(), as_bytes(bytes));
        os::check(::fchmod(file.get(), 0644), target);
        stand_ins_.give(path, target);
    }

    void one(const MountRequest &request)
    {
        switch (request.kind) {
        case MountRequest::Kind::view:
        case MountRequest::Kind::files:
            // Made for this command alone (see merged_supply()).
            return stand_ins_.give(inside(sources_.merged.directory(request.layers.at(0)), request),
                                   request.target);
        case MountRequest::Kind::cache:
            return stand_ins_.lend(inside(sources_.caches.open(request.layers.at(0)).path, request),
                                   request.target);
        case MountRequest::Kind::tmpfs:
            return stand_ins_.give(new_directory(01777), request.target);
        case MountRequest::Kind::secret:
            return secrets_.add(request, next_place(), stand_ins_);
        case MountRequest::Kind::socket:
            return socket(request);
        case MountRequest::Kind::host:
            break;
        }
        throw Error{ErrorKind::unsupported, "a directory of the host cannot be shown without mounts"};
    }

    [[nodiscard]] SecretFiles &secrets() { return secrets_; }

private:
    fs::path next_place() { return sources_.place / std::to_string(places_++); }

    fs::path new_directory(unsigned mode)
    {
        const auto path = next_place();
        os::check(::mkdir(path.c_str(), 0700), path.native());
        os::check(::chmod(path.c_str(), mode), path.native());
        return path;
    }

    /// Where the part of `root` lies that the request asks for; links stay inside.
    static fs::path inside(const fs::path &root, const MountRequest &request)
    {
        if (request.source.empty() || request.source == ".")
            return root;
        const Fd directory = open_file(root, O_PATH | O_DIRECTORY);
        const auto found = request.kind == MountRequest::Kind::cache
                               ? os::find_beneath(directory.get(), request.source, O_PATH)
                               : os::find_in_root(directory.get(), request.source, O_PATH);
        if (!found)
            throw Error{ErrorKind::not_found,
                        fmt::format("'/{}' does not exist in what is to be mounted", request.source)};
        return fs::read_symlink(os::fd_path(found->get()));
    }

    /// A second name for it, so that connecting finds it.
    void socket(const MountRequest &request)
    {
        os::check(::chown(request.source.c_str(), request.uid, request.gid), "set the owner of a socket");
        os::check(::chmod(request.source.c_str(), request.mode), "set the mode of a socket");
        const auto path = next_place();
        os::check(::link(request.source.c_str(), path.c_str()), "give a socket a second name");
        stand_ins_.give(path, request.target);
    }

    const ChrootSources &sources_;
    SecretFiles secrets_;
    StandIns &stand_ins_;
    unsigned places_ = 0;
};

/// The kernel has one name for all of a container; a command's is its own elsewhere.
void show_host_name(Dispatch &dispatch, const std::string &name)
{
    dispatch.on("uname", [name](SystemCall &call) {
        utsname answer{};
        if (::uname(&answer) != 0)
            throw CallFailed{errno};
        std::memset(answer.nodename, 0, sizeof answer.nodename);
        name.copy(answer.nodename, sizeof answer.nodename - 1);
        write_memory(call, call.argument(0), std::as_bytes(std::span{&answer, 1}));
        return Reply::value();
    });
}

/// Without a network namespace there can be no interfaces that lead nowhere; but a process without
/// sockets has no network either.
void refuse_network(Dispatch &dispatch)
{
    constexpr std::uint32_t families = 64; // the kernel has 46
    for (std::uint32_t family = 0; family < families; ++family)
        if (family != AF_UNIX)
            dispatch.answer("socket", EAFNOSUPPORT, When{0, family, true});
    // i386's older way in, whose arguments lie in memory: libc falls back to the other.
    dispatch.answer("socketcall", ENOSYS);
}

/// Removes the command's own directory, whatever happened.
class OwnPlace {
public:
    explicit OwnPlace(fs::path path) : path_{std::move(path)}
    {
        os::check(::mkdir(path_.c_str(), 0711), path_.native());
        os::check(::mkdir((path_ / "hidden").c_str(), 0700), path_.native());
    }
    ~OwnPlace()
    {
        try {
            const Fd parent = open_file(path_.parent_path(), O_RDONLY | O_DIRECTORY);
            os::remove_tree(parent.get(), path_.filename());
        } catch (const Error &) {
            // It goes with the scratch directory.
        }
    }
    OwnPlace(const OwnPlace &) = delete;
    OwnPlace &operator=(const OwnPlace &) = delete;

private:
    fs::path path_;
};

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
    ShownFiles shown{sources, tree, stand_ins};
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
    DeviceFiles devices{tree, sources.place / "dev"};
    stand_ins.give(sources.place / "dev", "/dev");
    ShownFiles shown{sources, tree, stand_ins};
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
