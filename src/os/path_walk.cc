#include "os/path_walk.hh"

#include "base/error.hh"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mica::os {
namespace {

/// EAGAIN means that a rename or mount raced with the walk: the kernel asks to try again.
constexpr int attempts_while_racing = 64;

int call_openat2(int directory, std::string_view path, int flags, unsigned mode, unsigned resolve)
{
    const std::string text{path.empty() ? std::string_view{"."} : path};
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = resolve | RESOLVE_NO_MAGICLINKS;
    for (int attempt = 0;; ++attempt) {
        const auto fd = ::syscall(SYS_openat2, directory, text.c_str(), &how, sizeof how);
        if (fd >= 0)
            return static_cast<int>(fd);
        if (errno != EINTR && (errno != EAGAIN || attempt == attempts_while_racing))
            return -1;
    }
}

} // namespace

Fd open_beneath(int directory, std::string_view path, int flags, unsigned mode)
{
    const int fd = call_openat2(directory, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    if (fd < 0)
        throw system_error(path, errno);
    return Fd{fd};
}

std::optional<Fd> find_beneath(int directory, std::string_view path, int flags)
{
    const int fd = call_openat2(directory, path, flags, 0, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    if (fd >= 0)
        return Fd{fd};
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
        return std::nullopt;
    throw system_error(path, errno);
}

std::optional<Fd> find_in_root(int root, std::string_view path, int flags)
{
    const int fd = call_openat2(root, path, flags, 0, RESOLVE_IN_ROOT);
    if (fd >= 0)
        return Fd{fd};
    if (errno == ENOENT || errno == ENOTDIR)
        return std::nullopt;
    throw system_error(path, errno);
}

std::string fd_path(int fd, std::string_view name)
{
    return name.empty() ? fmt::format("/proc/self/fd/{}", fd) : fmt::format("/proc/self/fd/{}/{}", fd, name);
}

SplitPath split_path(std::string_view path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos)
        return {{}, path};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

} // namespace mica::os
