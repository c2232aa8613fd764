#include "sandbox/translate/translated_paths.hh"

#include "base/text.hh"
#include "os/path_walk.hh"
#include "sandbox/supervisor/file_records.hh"
#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

// A root directory without chroot
//
// A process that has no privilege at all cannot be given another root directory. But if all of its
// calls that name a file are made by a supervisor, it has one in effect. What decides is that nobody
// here reads paths: openat2(2) with RESOLVE_IN_ROOT is the kernel's own resolution, with all links and
// "..", below a directory of our choice. Only two things are told by words:
//
// - /proc, /dev/fd and the like (proc_path.hh). A path that does not exist in the root may yet lead there
//   by a link of the image's (/etc/mtab): it is walked through only then.
// - Where relative paths begin. The process' working directory, and what it has open, are real files of
//   the machine, which /proc shows us. The kernel is asked to stay below that directory; if the path
//   leaves it by ".." or an absolute link, it begins again from the root, with the directory's path in
//   front. A directory outside of the root (the name of one can be had, see docs/isolation.md) is no place
//   to begin at, whatever the process has done to get there.

namespace mica::sandbox {
namespace {

using What = ProcPath::What;
using Whose = ProcPath::Whose;

constexpr int most_links = 40; // as the kernel's own bound

Fd open_below(int directory, const std::string &path, int flags, unsigned mode, unsigned resolve)
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = resolve | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: somebody moved a directory while ".." was looked at.
    constexpr int most_attempts = 64;
    for (int attempt = 0;; ++attempt) {
        Fd file{static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how))};
        if (file || errno != EAGAIN || attempt == most_attempts)
            return file;
    }
}

std::string link_text(int file)
{
    std::array<char, PATH_MAX> text{};
    const auto size = ::readlink(own_link(file).c_str(), text.data(), text.size());
    if (size < 0)
        throw CallFailed{errno};
    return {text.data(), static_cast<std::size_t>(size)};
}

} // namespace

TranslatedPaths::TranslatedPaths(const SupervisedTree &tree, VirtualProc &proc, const ProgramTable &programs,
                                 const SecretFiles &secrets, std::filesystem::path lists)
    : tree_{tree}, proc_{proc}, programs_{programs}, secrets_{secrets}, lists_{std::move(lists)},
      root_{open_file(tree.root(), O_PATH | O_DIRECTORY)}
{
}

Fd TranslatedPaths::open_in_root(const std::string &path, int flags, unsigned mode) const
{
    return open_below(root_.get(), path, flags, mode, RESOLVE_IN_ROOT);
}

/// What the process has open under this number, or its working directory.
Fd TranslatedPaths::descriptor(const SystemCall &call, int number) const
{
    const auto path = number == AT_FDCWD ? fmt::format("/proc/{}/cwd", call.thread())
                                         : fmt::format("/proc/{}/fd/{}", call.thread(), number);
    Fd file{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    const int error_number = errno;
    call.still_waits();
    if (!file)
        throw CallFailed{error_number == ENOENT ? EBADF : error_number};
    return file;
}

/// A path that begins in a directory which is not in the root, as an absolute one.
std::string TranslatedPaths::from_outside(const std::string &directory, const std::string &path) const
{
    if (directory == "/proc" || directory.starts_with("/proc/"))
        return directory + '/' + path;
    if (directory.starts_with(lists_ + '/'))
        return "/proc/" + path;
    throw CallFailed{EACCES};
}

TranslatedPaths::Found TranslatedPaths::locate(const SystemCall &call, const FileName &name) const
{
    if (name.path.empty()) {
        if (!name.may_be_empty)
            throw CallFailed{ENOENT};
        return {descriptor(call, name.directory), std::nullopt};
    }
    if (name.path.front() == '/')
        return absolute(call, name.path, name.follow);
    const Fd base = descriptor(call, name.directory);
    const auto text = link_text(base.get());
    if (!tree_.contains(text))
        return absolute(call, from_outside(text, name.path), name.follow);
    const auto here = tree_.seen_inside(text);
    // From here, /proc and /dev are near.
    if (here != "/" && here != "/dev") {
        Fd file =
            open_below(base.get(), name.path, O_PATH | (name.follow ? 0 : O_NOFOLLOW), 0, RESOLVE_BENEATH);
        if (file)
            return {std::move(file), std::nullopt};
        if (errno != EXDEV && errno != ENOENT)
            throw CallFailed{errno};
    }
    return absolute(call, here + '/' + name.path, name.follow);
}

TranslatedPaths::Found TranslatedPaths::absolute(const SystemCall &call, const std::string &path,
                                                 bool follow) const
{
    // Links of /dev are links as well.
    auto proc = parse_proc_path(path);
    if (proc && (follow || !proc->is_alias || !path.starts_with("/dev")))
        return of_proc(call, std::move(*proc), follow);
    Fd file = open_in_root(path, O_PATH | (follow ? 0 : O_NOFOLLOW));
    if (file)
        return {std::move(file), std::nullopt};
    const int error_number = errno;
    if (error_number == ENOENT || error_number == ENOTDIR)
        if (auto behind = through_links(path, follow))
            return of_proc(call, std::move(*behind), true);
    throw CallFailed{error_number};
}

/// The common case, told quickly: its directory is there, and the last name is no link's.
bool TranslatedPaths::is_plainly_missing(const std::string &path) const
{
    const auto end = path.find_last_not_of('/');
    const auto slash = end == std::string::npos ? end : path.rfind('/', end);
    if (slash == std::string::npos)
        return false;
    const Fd parent = open_in_root(path.substr(0, slash + 1), O_PATH | O_DIRECTORY);
    std::array<char, 1> text{};
    return parent && ::readlinkat(parent.get(), path.substr(slash + 1, end - slash).c_str(), text.data(),
                                  text.size()) < 0;
}

std::optional<std::string> TranslatedPaths::link_in_root(const std::string &directory,
                                                         const std::string &name) const
{
    const Fd parent = open_in_root(directory, O_PATH | O_DIRECTORY);
    std::array<char, PATH_MAX> text{};
    const auto size = parent ? ::readlinkat(parent.get(), name.c_str(), text.data(), text.size()) : -1;
    if (size < 0)
        return std::nullopt;
    return std::string{text.data(), static_cast<std::size_t>(size)};
}

/// What a path that is not there in the root means if a link on its way leads into /proc.
std::optional<ProcPath> TranslatedPaths::through_links(const std::string &path, bool follow) const
{
    if (is_plainly_missing(path))
        return std::nullopt;
    std::string done = "/";
    std::string rest = path;
    for (int links = 0; links < most_links && !rest.empty();) {
        const auto slash = rest.find('/');
        const auto name = rest.substr(0, slash);
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        if (name.empty() || name == ".")
            continue;
        const bool is_last = rest.find_first_not_of('/') == std::string::npos;
        const auto text = is_last && !follow ? std::nullopt : link_in_root(done, name);
        if (!text) {
            done += name + '/';
            continue;
        }
        ++links;
        rest = (text->starts_with('/') ? *text : done + *text) + '/' + rest;
        done = "/";
        if (auto proc = parse_proc_path('/' + rest))
            return proc;
    }
    return std::nullopt;
}

std::optional<std::string> TranslatedPaths::program_of(const VirtualProc::Target &target) const
{
    if (target.path.whose != Whose::process || target.path.what != What::executable)
        return std::nullopt;
    const bool own = target.path.caller != ProcPath::Caller::no;
    return programs_.find(own ? target.caller.process : target.path.pid);
}

TranslatedPaths::Found TranslatedPaths::of_proc(const SystemCall &call, ProcPath path, bool follow) const
{
    auto target = proc_.target(call, std::move(path));
    if (!follow)
        return {Fd{}, std::move(target)};
    if (const auto program = program_of(target)) {
        Fd file = open_in_root(*program, O_PATH);
        if (!file)
            throw CallFailed{errno};
        return {std::move(file), std::nullopt};
    }
    if (target.path.what == What::root) {
        Fd file = open_in_root("/", O_PATH);
        return {std::move(file), std::nullopt};
    }
    if (target.path.what == What::working_directory) {
        Fd file{::open(target.host.c_str(), O_PATH | O_CLOEXEC)};
        if (!file)
            throw CallFailed{errno};
        if (tree_.contains(link_text(file.get())))
            return {std::move(file), std::nullopt};
    }
    return {Fd{}, std::move(target)};
}

/// As O_PATH.
Fd TranslatedPaths::open_proc(const VirtualProc::Target &target, bool follow) const
{
    if (follow && target.path.whose != Whose::directory)
        return proc_.open(target, O_PATH);
    const auto path = target.path.is_alias ? std::string{"/proc/self"} : target.host;
    Fd file{::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    if (!file)
        throw CallFailed{errno};
    return file;
}

Fd TranslatedPaths::find(const SystemCall &call, const FileName &name) const
{
    auto found = locate(call, name);
    return found.proc ? open_proc(*found.proc, name.follow) : std::move(found.file);
}

NamePlace TranslatedPaths::place(const SystemCall &call, const FileName &name) const
{
    auto split = split_name(name.path);
    auto found = locate(call, {name.directory, split.parent});
    // Nothing can be made or removed there, as the kernel will say.
    if (found.proc)
        found.file = open_proc(*found.proc, true);
    return {std::move(found.file), std::move(split.name)};
}

struct statx TranslatedPaths::status(const SystemCall &call, const FileName &name) const
{
    struct statx answer{};
    const auto found = locate(call, name);
    if (found.proc)
        answer = proc_.status(*found.proc, name.follow);
    else
        answer = status_of_file(found.file.get());
    secrets_.show(answer);
    return answer;
}

std::string TranslatedPaths::host_path(int file) const
{
    return link_text(file);
}

std::string TranslatedPaths::path_for_kernel(const SystemCall &call, const FileName &name) const
{
    const Fd file = find(call, name);
    auto path = host_path(file.get());
    if (path.starts_with('/') && status_of_file(file.get()).stx_nlink > 0)
        return path;
    if (name.path.empty())
        return fmt::format("/proc/self/fd/{}", name.directory);
    if (const auto found = locate(call, name); found.proc)
        return found.proc->host;
    throw CallFailed{ENOENT};
}

std::string TranslatedPaths::seen(int file) const
{
    return tree_.seen_inside(link_text(file));
}

} // namespace mica::sandbox
