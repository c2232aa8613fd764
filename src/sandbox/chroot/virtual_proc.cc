#include "sandbox/chroot/virtual_proc.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "sandbox/supervisor/stat_forms.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fmt/format.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

// A /proc without a mount
//
// Docker's default gives a container's root chroot(2), and no mount(2). In a chroot without /proc a
// third of all tools fail: `cat <(…)` in bash, java and rustc that look for themselves in
// /proc/self/exe, ps. But the supervisor stands outside, where there is a /proc, and the kernel lets
// it put an open file into the process that asks. Everything that opens a path is stopped, a path that
// leads into /proc is opened here, and all others are the kernel's own business.
//
// Who acts for another must not lend more than the other has (a confused deputy would open
// /proc/1/environ, and with it mica's credentials, for anybody):
//
// - Only the command's own processes exist: the descendants of its first process. Others are not
//   found, and lists leave them out.
// - Files are opened under the caller's own ids, so that the kernel's rules about who may look into
//   whom hold between the command's users, too.
// - Magic links lead anywhere. exe, cwd, root and fd/N have a rule each as the last component; as
//   the way to something else, they are refused, and all other paths are opened with
//   RESOLVE_NO_MAGICLINKS, so that a mistake in reading the path cannot open what it should not.
// - Everything is for reading but a few files about the process itself. A file of /proc that was
//   opened for reading cannot be opened for writing through fd/N.
// - A directory is a way to its neighbours (openat(fd, "../1/environ")). /proc itself is shown as a
//   list of names, made for the occasion; directories of processes are real only where Landlock
//   keeps closed what the process may then try to open.
//
// What the supervisor cannot see: executing /proc/self/exe, and links of the image that lead into
// /proc. And what it sees may change before it is answered: so nothing here decides by one look at
// memory and lets the kernel look again, but for paths that have nothing to do with /proc.

namespace mica::sandbox {
namespace {

using What = ProcPath::What;
using Whose = ProcPath::Whose;

constexpr int for_writing(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY;
}

[[noreturn]] void fail_with_errno()
{
    throw CallFailed{errno};
}

/// A file of /proc that is reached by its name alone.
Fd open_plainly(const std::string &path, int flags)
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
    Fd file{static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how))};
    if (!file)
        fail_with_errno();
    return file;
}

bool is_in_proc(int file)
{
    struct statfs status{};
    return ::fstatfs(file, &status) != 0 || status.f_type == PROC_SUPER_MAGIC;
}

/// What a magic link leads to, once more and with flags of its own.
Fd reopen(const std::string &link, int flags)
{
    const Fd found{::open(link.c_str(), O_PATH | O_CLOEXEC)};
    struct stat status{};
    if (!found || ::fstat(found.get(), &status) != 0)
        fail_with_errno();
    if (S_ISSOCK(status.st_mode))
        throw CallFailed{ENXIO};
    if (for_writing(flags) != 0 && is_in_proc(found.get()))
        throw CallFailed{EACCES};
    // A FIFO with a name waits for its other end; the supervisor must not.
    const bool may_wait = S_ISFIFO(status.st_mode) && (flags & O_NONBLOCK) == 0;
    Fd file{::open(link.c_str(), flags | O_CLOEXEC | (may_wait ? O_NONBLOCK : 0))};
    if (!file)
        fail_with_errno();
    if (may_wait)
        ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
    return file;
}

bool is_directory(int file)
{
    struct stat status{};
    return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

} // namespace

VirtualProc::VirtualProc(const SupervisedTree &tree, std::filesystem::path place, bool real_directories)
    : tree_{tree}, place_{std::move(place)}, real_directories_{real_directories}
{
}

VirtualProc::~VirtualProc() = default;

void VirtualProc::attach(Dispatch &dispatch)
{
    attach_opening(dispatch);
    attach_status(dispatch);
    attach_links(dispatch);
}

std::optional<VirtualProc::Target> VirtualProc::target(const SystemCall &call,
                                                       const PathArguments &arguments) const
{
    const auto text = path_of(call, arguments.path);
    if (!text)
        return std::nullopt;
    auto path = parse_proc_path(from_root(call, *text, arguments, tree_));
    if (!path)
        return std::nullopt;
    if (path->what == What::refused)
        throw CallFailed{EACCES};
    Target found{std::move(*path), caller_of(call), {}};
    found.host = host_path(call, found.path, found.caller);
    return found;
}

std::string VirtualProc::host_path(const SystemCall &call, const ProcPath &path,
                                   const os::ThreadFacts &caller) const
{
    if (path.whose == Whose::directory)
        return "/proc";
    if (path.whose == Whose::machine)
        return "/proc/" + path.rest;
    if (path.caller == ProcPath::Caller::no && !tree_.has(path.pid))
        throw CallFailed{ENOENT};
    std::string host =
        fmt::format("/proc/{}", path.caller == ProcPath::Caller::no ? path.pid : caller.process);
    if (path.caller == ProcPath::Caller::thread)
        host += fmt::format("/task/{}", call.thread());
    return path.rest.empty() ? host : host + '/' + path.rest;
}

// Opening

Reply VirtualProc::open(const SystemCall &call, const PathArguments &arguments, std::uint64_t flags)
{
    const auto found = target(call, arguments);
    if (!found)
        return Reply::pass();
    // All of /proc is there already.
    constexpr int dropped = O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY;
    const int wanted = static_cast<int>(flags) & ~dropped;
    if ((wanted & O_NOFOLLOW) != 0 && (found->path.is_alias || found->path.what != What::file))
        throw CallFailed{ELOOP};
    Fd file = found->path.whose == Whose::directory
                  ? open_listing()
                  : as_caller(found->caller, [&] { return open_target(*found, wanted); });
    if ((wanted & O_DIRECTORY) != 0 && !is_directory(file.get()))
        throw CallFailed{ENOTDIR};
    return Reply::descriptor(std::move(file), (wanted & O_CLOEXEC) != 0);
}

Fd VirtualProc::open_target(const Target &target, int flags)
{
    switch (target.path.what) {
    case What::executable:
        if (for_writing(flags) != 0)
            throw CallFailed{ETXTBSY};
        return reopen(target.host, flags);
    case What::descriptor:
        return reopen(target.host, flags);
    case What::working_directory:
    case What::root:
        if (for_writing(flags) != 0)
            throw CallFailed{EISDIR};
        return reopen(target.host, flags);
    case What::file:
    case What::refused:
        break;
    }
    if (for_writing(flags) != 0 && !is_writable_in_proc(target.path))
        throw CallFailed{EACCES};
    Fd file = open_plainly(target.host, flags);
    if (!real_directories_ && is_directory(file.get()))
        throw CallFailed{EACCES};
    return file;
}

/// Names alone: whoever wants more than a name asks for the path.
Fd VirtualProc::open_listing()
{
    const auto path = place_ / std::to_string(listings_++);
    os::check(::mkdir(path.c_str(), 0555), path.native());
    Fd listing = open_file(path, O_RDONLY | O_DIRECTORY);
    std::vector<std::string> names;
    for (const pid_t pid : tree_.processes())
        names.push_back(std::to_string(pid));
    for (const auto &name : names)
        ::mkdirat(listing.get(), name.c_str(), 0555);
    constexpr std::array<const char *, 10> files{"cpuinfo", "filesystems", "loadavg", "meminfo", "mounts",
                                                 "self",    "stat",        "uptime",  "version", "vmstat"};
    for (const char *name : files)
        ::mknodat(listing.get(), name, S_IFREG | 0444, 0);
    return listing;
}

void VirtualProc::attach_opening(Dispatch &dispatch)
{
    dispatch.on("open", [this](SystemCall &call) { return open(call, {0, std::nullopt}, call.word(1)); });
    dispatch.on("openat", [this](SystemCall &call) { return open(call, {1, 0U}, call.word(2)); });
    dispatch.on("openat2", [this](SystemCall &call) {
        const auto flags = call.load<std::uint64_t>(call.argument(2));
        return open(call, {1, 0U}, flags);
    });
}

// Asking

Reply VirtualProc::status(const SystemCall &call, const PathArguments &arguments, bool follow,
                          const std::function<void(const struct statx &)> &store) const
{
    const auto found = target(call, arguments);
    if (!found)
        return Reply::pass();
    // /proc/self is a link of each reader's own; any will do.
    const auto path = found->path.is_alias && !follow ? std::string{"/proc/self"} : found->host;
    struct statx answer{};
    const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
    const auto result = as_caller(found->caller, [&] {
        return ::statx(AT_FDCWD, path.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &answer);
    });
    if (result != 0)
        fail_with_errno();
    store(answer);
    return Reply::value();
}

void VirtualProc::attach_status(Dispatch &dispatch)
{
    const auto stat_call = [&](const char *name, StatForm form, PathArguments arguments, unsigned buffer,
                               bool follow, std::optional<unsigned> flags) {
        dispatch.on(name, [=, this](SystemCall &call) {
            const bool follows = follow && !(flags && (call.word(*flags) & AT_SYMLINK_NOFOLLOW) != 0);
            return status(call, arguments, follows, [&](const struct statx &answer) {
                const auto narrow = is_narrow(call.abi()) && form == StatForm::native;
                write_memory(call, call.argument(buffer),
                             stat_bytes(answer, narrow ? StatForm::narrow : form, call.abi()));
            });
        });
    };
    stat_call("stat", StatForm::native, {0, std::nullopt}, 1, true, std::nullopt);
    stat_call("lstat", StatForm::native, {0, std::nullopt}, 1, false, std::nullopt);
    stat_call("newfstatat", StatForm::native, {1, 0U}, 2, true, 3U);
    stat_call("stat64", StatForm::narrow_wide, {0, std::nullopt}, 1, true, std::nullopt);
    stat_call("lstat64", StatForm::narrow_wide, {0, std::nullopt}, 1, false, std::nullopt);
    stat_call("fstatat64", StatForm::narrow_wide, {1, 0U}, 2, true, 3U);
    dispatch.on("statx", [this](SystemCall &call) {
        const bool follow = (call.word(2) & AT_SYMLINK_NOFOLLOW) == 0;
        return status(call, {1, 0U}, follow, [&](const struct statx &answer) {
            write_memory(call, call.argument(4), std::as_bytes(std::span{&answer, 1}));
        });
    });
}

Reply VirtualProc::access(const SystemCall &call, const PathArguments &arguments, int mode) const
{
    const auto found = target(call, arguments);
    if (!found)
        return Reply::pass();
    if ((mode & W_OK) != 0 && found->path.what == What::file && !is_writable_in_proc(found->path))
        throw CallFailed{EACCES};
    const auto result = as_caller(found->caller, [&] { return ::access(found->host.c_str(), mode); });
    if (result != 0)
        fail_with_errno();
    return Reply::value();
}

// Links

Reply VirtualProc::read_link(const SystemCall &call, const PathArguments &arguments, unsigned buffer) const
{
    const auto text = path_of(call, arguments.path);
    // The links in /dev are real ones.
    if (!text || text->starts_with("/dev"))
        return Reply::pass();
    const auto found = target(call, arguments);
    if (!found)
        return Reply::pass();
    std::string link;
    if (found->path.is_alias && found->path.rest.empty())
        link = found->path.caller == ProcPath::Caller::thread
                   ? fmt::format("{}/task/{}", found->caller.process, call.thread())
                   : std::to_string(found->caller.process);
    else if (found->path.is_alias)
        link = "self/" + found->path.rest;
    else if (found->path.what == What::root)
        link = "/";
    else {
        std::array<char, PATH_MAX> bytes{};
        const auto size = as_caller(
            found->caller, [&] { return ::readlink(found->host.c_str(), bytes.data(), bytes.size()); });
        if (size < 0)
            fail_with_errno();
        link = tree_.seen_inside({bytes.data(), static_cast<std::size_t>(size)});
    }
    const auto room = call.integer(buffer + 1);
    if (room <= 0)
        throw CallFailed{EINVAL};
    link.resize(std::min(link.size(), static_cast<std::size_t>(room)));
    write_memory(call, call.argument(buffer), std::as_bytes(std::span{link}));
    return Reply::value(static_cast<std::int64_t>(link.size()));
}

void VirtualProc::attach_links(Dispatch &dispatch)
{
    dispatch.on("readlink", [this](SystemCall &call) { return read_link(call, {0, std::nullopt}, 1); });
    dispatch.on("readlinkat", [this](SystemCall &call) { return read_link(call, {1, 0U}, 2); });
    dispatch.on("access",
                [this](SystemCall &call) { return access(call, {0, std::nullopt}, call.integer(1)); });
    dispatch.on("faccessat", [this](SystemCall &call) { return access(call, {1, 0U}, call.integer(2)); });
    dispatch.on("faccessat2", [this](SystemCall &call) { return access(call, {1, 0U}, call.integer(2)); });
}

} // namespace mica::sandbox
