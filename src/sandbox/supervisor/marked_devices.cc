#include "sandbox/supervisor/marked_devices.hh"

#include "base/error.hh"
#include "os/path_walk.hh"
#include "os/thread_facts.hh"
#include "os/xattr.hh"
#include "sandbox/device_mark.hh"
#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// CAP_MKNOD is root's.
void require_root(const SystemCall &call)
{
    try {
        if (os::facts_of(call.thread()).uids.effective != 0)
            throw CallFailed{EPERM};
    } catch (const Error &) {
        throw CallFailed{ESRCH};
    }
}

Reply make_device(const SystemCall &call, const Paths &paths, const FileName &name, mode_t mode,
                  std::uint32_t device)
{
    const auto place = paths.place(call, name);
    require_root(call);
    const mode_t permissions = mode & 07777U & ~proc_status(call.thread()).umask;
    const Fd file{::openat(place.directory.get(), place.name.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions)};
    if (!file)
        return Reply::error(errno);
    const DeviceMark mark{mode & S_IFMT, major(dev_t{device}), minor(dev_t{device})};
    if (os::set_xattr(os::fd_path(place.directory.get(), place.name), device_attribute, device_text(mark)) ==
        0)
        return Reply::value();
    // As without us.
    ::unlinkat(place.directory.get(), place.name.c_str(), 0);
    return Reply::error(EPERM);
}

} // namespace

void mark_devices(Dispatch &dispatch, const Paths &paths)
{
    // The bit that character and block devices have in common, and other files have not.
    constexpr std::uint32_t of_devices = S_IFCHR;
    static_assert((S_IFBLK & S_IFCHR) == S_IFCHR && (S_IFREG & S_IFCHR) == 0 && (S_IFIFO & S_IFCHR) == 0);
    const auto is_device = [](mode_t mode) { return S_ISCHR(mode) || S_ISBLK(mode); };
    dispatch.on(
        "mknod",
        [&paths, is_device](SystemCall &call) {
            return is_device(call.word(1))
                       ? make_device(call, paths, {AT_FDCWD, call.text(0)}, call.word(1), call.word(2))
                       : Reply::pass();
        },
        When{1, of_devices});
    dispatch.on(
        "mknodat",
        [&paths, is_device](SystemCall &call) {
            return is_device(call.word(2))
                       ? make_device(call, paths, {call.integer(0), call.text(1)}, call.word(2), call.word(3))
                       : Reply::pass();
        },
        When{2, of_devices});
}

} // namespace mica::sandbox
