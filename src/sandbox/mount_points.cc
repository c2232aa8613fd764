#include "sandbox/mount_points.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <ranges>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr int most_links = 40; // as the kernel's own bound

timespec modification_time(int directory)
{
    struct stat status{};
    os::check(::fstat(directory, &status), "stat of a directory");
    return status.st_mtim;
}

bool same(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// The text of a symbolic link below `root`; nullopt if it is none (or nothing).
std::optional<std::string> link_text(int root, std::string_view directory, const std::string &name)
{
    const auto parent = os::find_in_root(root, directory, O_PATH | O_DIRECTORY);
    if (!parent)
        return std::nullopt;
    std::array<char, PATH_MAX> text{};
    const auto size = ::readlinkat(parent->get(), name.c_str(), text.data(), text.size());
    if (size < 0)
        return std::nullopt;
    return std::string{text.data(), static_cast<std::size_t>(size)};
}

} // namespace

void MountPoints::ensure(int root, std::string_view path, Kind kind)
{
    std::string done = "/";
    std::string rest{path};
    for (int links = 0; !rest.empty();) {
        const auto slash = rest.find('/');
        const std::string name = rest.substr(0, slash);
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        if (name.empty() || name == ".")
            continue;
        const std::string here = done + '/' + name;
        if (os::find_in_root(root, here, O_PATH)) {
            done = here;
            continue;
        }
        if (const auto text = link_text(root, done, name)) {
            if (++links > most_links)
                throw system_error(path, ELOOP);
            rest = *text + '/' + rest;
            if (text->starts_with('/'))
                done = "/";
            continue;
        }
        const bool is_last = rest.find_first_not_of('/') == std::string::npos;
        make(root, done, name, is_last ? kind : Kind::directory);
        done = here;
    }
}

void MountPoints::make(int root, std::string_view directory, const std::string &name, Kind kind)
{
    const auto failed = [&] { return fmt::format("make a place to mount on, {}/{}", directory, name); };
    auto parent = os::find_in_root(root, directory, O_RDONLY | O_DIRECTORY);
    if (!parent)
        throw system_error(failed(), ENOENT);
    Made made{std::move(*parent), name, kind, 0, {}, {}};
    made.before = modification_time(made.parent.get());
    if (kind == Kind::directory)
        os::check(::mkdirat(made.parent.get(), name.c_str(), 0755), failed);
    else
        os::check(::mknodat(made.parent.get(), name.c_str(), S_IFREG | 0644, 0), failed);
    struct stat status{};
    os::check(::fstatat(made.parent.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW), failed);
    made.inode = status.st_ino;
    made.after = modification_time(made.parent.get());
    made_.push_back(std::move(made));
}

void MountPoints::remove() noexcept
{
    // In reverse, so that the times unwind like a stack.
    for (const Made &made : std::views::reverse(made_)) {
        struct stat now{};
        struct stat parent{};
        if (::fstatat(made.parent.get(), made.name.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0 ||
            ::fstat(made.parent.get(), &parent) != 0 || now.st_ino != made.inode)
            continue;
        if (made.kind == Kind::file && (!S_ISREG(now.st_mode) || now.st_size != 0))
            continue;
        const int flags = made.kind == Kind::directory ? AT_REMOVEDIR : 0;
        if (::unlinkat(made.parent.get(), made.name.c_str(), flags) != 0)
            continue; // the command put something in: it is the image's now
        const timespec restored = same(parent.st_mtim, made.after) ? made.before : parent.st_mtim;
        const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, restored};
        ::futimens(made.parent.get(), times.data());
    }
    made_.clear();
}

} // namespace mica::sandbox
