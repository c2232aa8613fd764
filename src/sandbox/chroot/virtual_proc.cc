#include "sandbox/chroot/virtual_proc.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include "sandbox/supervisor/stat_forms.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fmt/format.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
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

/// What every container has in /dev.
bool is_harmless_device(const struct stat &status)
{
    if (!S_ISCHR(status.st_mode))
        return false;
    constexpr unsigned memory = 1;
    constexpr unsigned terminals = 5;
    constexpr unsigned first_pseudo_terminal = 136;
    constexpr unsigned last_pseudo_terminal = 143;
    const unsigned number = minor(status.st_rdev);
    switch (major(status.st_rdev)) {
    case memory:
        return number == 3 || number == 5 || number == 7 || number == 8 || number == 9;
    case terminals:
        return number == 0 || number == 2;
    default:
        return major(status.st_rdev) >= first_pseudo_terminal &&
               major(status.st_rdev) <= last_pseudo_terminal;
    }
}

bool is_memory_file(int file, std::string_view text)
{
    struct statfs status{};
    return text.starts_with("/memfd:") && ::fstatfs(file, &status) == 0 &&
           (status.f_type == TMPFS_MAGIC || status.f_type == HUGETLBFS_MAGIC);
}

bool is_directory(int file)
{
    struct stat status{};
    return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

/// The kernel would list the container's mounts, or none: a root directory that is no mount point has no
/// entry. Empty if it is another file.
std::string_view mounts_text(const ProcPath &path)
{
    const auto name = std::string_view{path.rest}.substr(path.rest.rfind('/') + 1);
    if (path.whose != Whose::process || (name.size() != path.rest.size() && !path.rest.starts_with("task/")))
        return {};
    if (name == "mounts")
        return "mica / overlay rw,relatime 0 0\n"
               "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n";
    if (name == "mountinfo")
        return "1 0 0:1 / / rw,relatime - overlay mica rw\n"
               "2 1 0:2 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n";
    return {};
}

Fd memory_file(std::string_view text)
{
    const Fd memory{os::check(::memfd_create("proc", MFD_CLOEXEC), "memfd_create")};
    write_all(memory.get(), as_bytes(text));
    return open_file(os::fd_path(memory.get()), O_RDONLY);
}

} // namespace

VirtualProc::VirtualProc(const SupervisedTree &tree, std::filesystem::path place, bool real_directories)
    : tree_{tree}, place_{std::move(place)}, real_directories_{real_directories}
{
}

VirtualProc::~VirtualProc() = default;

/// Landlock does not mind O_PATH. So a process that finds its way to a name outside of the root can
/// have a descriptor for it; it must not be made one to read from here.
void VirtualProc::refuse_outside(int found) const
{
    const auto text = std::filesystem::read_symlink(os::fd_path(found)).native();
    if (!text.starts_with('/') || tree_.contains(text))
        return;
    struct stat status{};
    if (::fstat(found, &status) == 0 && (is_harmless_device(status) || is_memory_file(found, text)))
        return;
    const auto path = parse_proc_path(text);
    const bool is_known = path && path->what == What::file &&
                          (path->whose == Whose::machine ||
                           (path->whose == Whose::process && path->pid != 0 && tree_.has(path->pid)));
    if (!is_known || !is_in_proc(found))
        throw CallFailed{EACCES};
}

/// What a magic link leads to, once more and with flags of its own.
Fd VirtualProc::reopen(const std::string &link, int flags) const
{
    Fd found{::open(link.c_str(), O_PATH | O_CLOEXEC)};
    struct stat status{};
    if (!found || ::fstat(found.get(), &status) != 0)
        fail_with_errno();
    if ((flags & O_PATH) != 0)
        return found;
    if (S_ISSOCK(status.st_mode))
        throw CallFailed{ENXIO};
    if (for_writing(flags) != 0 && is_in_proc(found.get()))
        throw CallFailed{EACCES};
    refuse_outside(found.get());
    // A FIFO with a name waits for its other end; the supervisor must not.
    const bool may_wait = S_ISFIFO(status.st_mode) && (flags & O_NONBLOCK) == 0;
    const auto own = os::fd_path(found.get());
    Fd file{::open(own.c_str(), flags | O_CLOEXEC | (may_wait ? O_NONBLOCK : 0))};
    if (!file)
        fail_with_errno();
    if (may_wait)
        ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
    return file;
}

void VirtualProc::attach(Dispatch &dispatch)
{
    attach_opening(dispatch);
    attach_status(dispatch);
    attach_links(dispatch);
}

std::optional<VirtualProc::Target> VirtualProc::find(const SystemCall &call,
                                                     const PathArguments &arguments) const
{
    const auto text = path_of(call, arguments.path);
    if (!text)
        return std::nullopt;
    auto path = parse_proc_path(from_root(call, *text, arguments, tree_));
    if (!path)
        return std::nullopt;
    return target(call, std::move(*path));
}

VirtualProc::Target VirtualProc::target(const SystemCall &call, ProcPath path) const
{
    if (path.what == What::refused)
        throw CallFailed{EACCES};
    Target found{std::move(path), caller_of(call), {}};
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

Fd VirtualProc::open(const Target &target, int flags)
{
    // All of /proc is there already.
    constexpr int dropped = O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY;
    const int wanted = flags & ~dropped;
    if ((wanted & O_NOFOLLOW) != 0 && (target.path.is_alias || target.path.what != What::file))
        throw CallFailed{ELOOP};
    Fd file = target.path.whose == Whose::directory
                  ? open_listing()
                  : as_caller(target.caller, [&] { return open_target(target, wanted); });
    if ((wanted & O_DIRECTORY) != 0 && !is_directory(file.get()))
        throw CallFailed{ENOTDIR};
    return file;
}

Reply VirtualProc::answer_open(const SystemCall &call, const PathArguments &arguments, std::uint64_t flags)
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    return Reply::descriptor(open(*found, static_cast<int>(flags)), (flags & O_CLOEXEC) != 0);
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
    const auto mounts = mounts_text(target.path);
    if (!mounts.empty() && (flags & O_PATH) == 0)
        return memory_file(mounts);
    Fd file = open_plainly(target.host, flags);
    if (!real_directories_ && is_directory(file.get()))
        throw CallFailed{EACCES};
    return file;
}

/// Names alone: whoever wants more than a name asks for the path.
Fd VirtualProc::open_listing()
{
    const auto path = place_ / std::to_string(listings_++);
    os::check(::mkdir(path.c_str(), 0755), path.native()); // ours to fill, whoever we are
    Fd listing = open_file(path, O_RDONLY | O_DIRECTORY);
    std::vector<std::string> names;
    for (const pid_t pid : tree_.processes())
        names.push_back(std::to_string(pid));
    for (const auto &name : names)
        ::mkdirat(listing.get(), name.c_str(), 0755);
    constexpr std::array<const char *, 10> files{"cpuinfo", "filesystems", "loadavg", "meminfo", "mounts",
                                                 "self",    "stat",        "uptime",  "version", "vmstat"};
    for (const char *name : files)
        ::mknodat(listing.get(), name, S_IFREG | 0444, 0);
    return listing;
}

void VirtualProc::attach_opening(Dispatch &dispatch)
{
    dispatch.on("open",
                [this](SystemCall &call) { return answer_open(call, {0, std::nullopt}, call.word(1)); });
    dispatch.on("openat", [this](SystemCall &call) { return answer_open(call, {1, 0U}, call.word(2)); });
    dispatch.on("openat2", [this](SystemCall &call) {
        const auto flags = call.load<std::uint64_t>(call.argument(2));
        return answer_open(call, {1, 0U}, flags);
    });
}

// Asking

struct statx VirtualProc::status(const Target &target, bool follow) const
{
    // /proc/self is a link of each reader's own; any will do.
    const auto path = target.path.is_alias && !follow ? std::string{"/proc/self"} : target.host;
    struct statx answer{};
    const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
    const auto result = as_caller(target.caller, [&] {
        return ::statx(AT_FDCWD, path.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &answer);
    });
    if (result != 0)
        fail_with_errno();
    return answer;
}

Reply VirtualProc::answer_status(const SystemCall &call, const PathArguments &arguments, bool follow,
                                 const std::function<void(const struct statx &)> &store) const
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    store(status(*found, follow));
    return Reply::value();
}

void VirtualProc::attach_status(Dispatch &dispatch)
{
    const auto stat_call = [&](const char *name, StatForm form, PathArguments arguments, unsigned buffer,
                               bool follow, std::optional<unsigned> flags) {
        dispatch.on(name, [=, this](SystemCall &call) {
            const bool follows = follow && !(flags && (call.word(*flags) & AT_SYMLINK_NOFOLLOW) != 0);
            return answer_status(call, arguments, follows, [&](const struct statx &answer) {
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
        return answer_status(call, {1, 0U}, follow, [&](const struct statx &answer) {
            write_memory(call, call.argument(4), std::as_bytes(std::span{&answer, 1}));
        });
    });
}

void VirtualProc::check_access(const Target &target, int mode) const
{
    if ((mode & W_OK) != 0 && target.path.what == What::file && !is_writable_in_proc(target.path))
        throw CallFailed{EACCES};
    const auto result = as_caller(target.caller, [&] { return ::access(target.host.c_str(), mode); });
    if (result != 0)
        fail_with_errno();
}

Reply VirtualProc::answer_access(const SystemCall &call, const PathArguments &arguments, int mode) const
{
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    check_access(*found, mode);
    return Reply::value();
}

// Links

std::string VirtualProc::link(const SystemCall &call, const Target &target) const
{
    if (target.path.is_alias && target.path.rest.empty())
        return target.path.caller == ProcPath::Caller::thread
                   ? fmt::format("{}/task/{}", target.caller.process, call.thread())
                   : std::to_string(target.caller.process);
    if (target.path.is_alias)
        return "self/" + target.path.rest;
    if (target.path.what == What::root)
        return "/";
    std::array<char, PATH_MAX> bytes{};
    const auto size =
        as_caller(target.caller, [&] { return ::readlink(target.host.c_str(), bytes.data(), bytes.size()); });
    if (size < 0)
        fail_with_errno();
    return tree_.seen_inside({bytes.data(), static_cast<std::size_t>(size)});
}

Reply VirtualProc::answer_link(const SystemCall &call, const PathArguments &arguments, unsigned buffer) const
{
    const auto text = path_of(call, arguments.path);
    // The links in /dev are real ones.
    if (!text || text->starts_with("/dev"))
        return Reply::pass();
    const auto found = find(call, arguments);
    if (!found)
        return Reply::pass();
    auto text_of_link = link(call, *found);
    const auto room = call.integer(buffer + 1);
    if (room <= 0)
        throw CallFailed{EINVAL};
    text_of_link.resize(std::min(text_of_link.size(), static_cast<std::size_t>(room)));
    write_memory(call, call.argument(buffer), std::as_bytes(std::span{text_of_link}));
    return Reply::value(static_cast<std::int64_t>(text_of_link.size()));
}

void VirtualProc::attach_links(Dispatch &dispatch)
{
    dispatch.on("readlink", [this](SystemCall &call) { return answer_link(call, {0, std::nullopt}, 1); });
    dispatch.on("readlinkat", [this](SystemCall &call) { return answer_link(call, {1, 0U}, 2); });
    dispatch.on("access",
                [this](SystemCall &call) { return answer_access(call, {0, std::nullopt}, call.integer(1)); });
    dispatch.on("faccessat",
                [this](SystemCall &call) { return answer_access(call, {1, 0U}, call.integer(2)); });
    dispatch.on("faccessat2",
                [this](SystemCall &call) { return answer_access(call, {1, 0U}, call.integer(2)); });
}

} // namespace mica::sandbox
