#include "sandbox/supervisor/shared_root_paths.hh"

#include "sandbox/supervisor/file_records.hh"
#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <string_view>

namespace mica::sandbox {
namespace {

/// What follows `prefix` if the path is that or lies below it.
bool lies_at(std::string_view path, std::string_view prefix)
{
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

/// Paths that mean something else for each process.
std::string own_path(pid_t thread, std::string_view path)
{
    struct Own {
        std::string_view prefix;
        std::string replacement;
    };
    if (!path.starts_with("/proc/") && !path.starts_with("/dev/"))
        return std::string{path};
    const std::array<Own, 6> table{{{"/proc/self", fmt::format("/proc/{}", thread)},
                                    {"/proc/thread-self", fmt::format("/proc/{}", thread)},
                                    {"/dev/fd", fmt::format("/proc/{}/fd", thread)},
                                    {"/dev/stdin", fmt::format("/proc/{}/fd/0", thread)},
                                    {"/dev/stdout", fmt::format("/proc/{}/fd/1", thread)},
                                    {"/dev/stderr", fmt::format("/proc/{}/fd/2", thread)}}};
    for (const auto &own : table)
        if (lies_at(path, own.prefix))
            return own.replacement + std::string{path.substr(own.prefix.size())};
    return std::string{path};
}

} // namespace

std::string SharedRootPaths::translate(const SystemCall &call, const FileName &name) const
{
    if (name.path.empty()) {
        if (!name.may_be_empty)
            throw CallFailed{ENOENT};
        return name.directory == AT_FDCWD ? fmt::format("/proc/{}/cwd", call.thread())
                                          : fmt::format("/proc/{}/fd/{}", call.thread(), name.directory);
    }
    if (name.path.front() == '/')
        return other_roots_ ? fmt::format("/proc/{}/root{}", call.thread(), name.path)
                            : own_path(call.thread(), name.path);
    if (name.directory == AT_FDCWD)
        return fmt::format("/proc/{}/cwd/{}", call.thread(), name.path);
    return fmt::format("/proc/{}/fd/{}/{}", call.thread(), name.directory, name.path);
}

Fd SharedRootPaths::find(const SystemCall &call, const FileName &name) const
{
    const auto path = translate(call, name);
    // The link in /proc is followed even if the file's own is not.
    const bool nofollow = !name.follow && !name.path.empty();
    Fd file{::open(path.c_str(), O_PATH | O_CLOEXEC | (nofollow ? O_NOFOLLOW : 0))};
    const int error_number = errno;
    call.still_waits();
    if (!file)
        throw CallFailed{name.path.empty() ? EBADF : error_number};
    return file;
}

NamePlace SharedRootPaths::place(const SystemCall &call, const FileName &name) const
{
    auto split = split_name(name.path);
    return {find(call, {name.directory, split.parent}), std::move(split.name)};
}

struct statx SharedRootPaths::status(const SystemCall &call, const FileName &name) const
{
    const auto path = translate(call, name);
    const bool nofollow = !name.follow && !name.path.empty();
    struct statx status{};
    const int result =
        ::statx(AT_FDCWD, path.c_str(), nofollow ? AT_SYMLINK_NOFOLLOW : 0, record_mask, &status);
    const int error_number = errno;
    call.still_waits();
    if (result != 0)
        throw CallFailed{name.path.empty() ? EBADF : error_number};
    return status;
}

} // namespace mica::sandbox
