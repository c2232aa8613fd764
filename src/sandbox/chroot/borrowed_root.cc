#include "sandbox/chroot/borrowed_root.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <ranges>
#include <unistd.h>
#include <utility>

// Running a command in the container's own root
//
// Kaniko extracts an image over the root of its own container, and deletes it all between stages. A
// rename does the same in no time, and keeps inodes, so that each stage stays what it was while
// another one has the root: a stage lies in the state directory, its entries are moved to "/" before a
// command, and back afterwards. What cannot be moved there is put together instead: /etc, say, has
// /etc/resolv.conf mounted in it, and directories of the container's own image cannot be renamed
// where an overlay has no redirect_dir. Such directories are taken through one by one.

namespace mica::sandbox {
namespace {

namespace fs = std::filesystem;

struct stat status_of(const std::string &path)
{
    struct stat status{};
    os::check(::lstat(path.c_str(), &status), path);
    return status;
}

bool exists(const std::string &path)
{
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0;
}

bool same(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

std::vector<std::string> names_in(const std::string &path)
{
    return os::list_directory(open_file(path, O_RDONLY | O_DIRECTORY).get());
}

void move(const std::string &from, const std::string &to)
{
    if (::rename(from.c_str(), to.c_str()) == 0)
        return;
    const int error_number = errno;
    auto error = system_error(fmt::format("move {} to {}", from, to), error_number);
    if (error_number == EXDEV)
        error.set_hint("in place, the state directory (--state) must be on the file system of /");
    throw error;
}

/// Owner, mode and time of modification.
void set_metadata(const std::string &path, const struct stat &wanted)
{
    os::check(::lchown(path.c_str(), wanted.st_uid, wanted.st_gid), path);
    os::check(::chmod(path.c_str(), wanted.st_mode & 07777U), path);
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, wanted.st_mtim};
    os::check(::utimensat(AT_FDCWD, path.c_str(), times.data(), AT_SYMLINK_NOFOLLOW), path);
}

std::string below(const std::string &path, const std::string &name)
{
    return path.empty() ? name : path + '/' + name;
}

/// "\040" and the like, as the kernel writes what would end a field.
std::string unescaped(std::string_view field)
{
    std::string text;
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] != '\\' || i + 3 >= field.size()) {
            text += field[i];
            continue;
        }
        text +=
            static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0'));
        i += 3;
    }
    return text;
}

} // namespace

std::set<std::string> mount_targets(std::string_view mountinfo)
{
    constexpr std::size_t target = 4;
    std::set<std::string> targets;
    for (const auto line : split(mountinfo, '\n')) {
        const auto fields = split(line, ' ');
        if (fields.size() > target)
            targets.insert(unescaped(fields[target]));
    }
    return targets;
}

BorrowedRoot::BorrowedRoot(fs::path stage, fs::path hidden, fs::path root)
    : stage_{std::move(stage)}, hidden_{std::move(hidden)}, root_{std::move(root)},
      mounts_{mount_targets(read_file("/proc/self/mountinfo"))}
{
    for (const char *system : {"lib", "sbin", "usr/lib", "usr/sbin"})
        if (exists(at(root_, system)))
            throw Error{ErrorKind::unsupported,
                        fmt::format("this container has a system of its own ({})", at(root_, system))}
                .with_hint("in place, commands run in the container's own root: use mica's own image, which "
                           "is empty");
    const auto own = stage_.lexically_relative(root_).begin()->native();
    if (exists(at(stage_, own)))
        throw Error{ErrorKind::unsupported,
                    fmt::format("the image has a /{} as well, where the state directory is", own)}
            .with_hint("put the state directory (--state) below another one");
    try {
        share("");
    } catch (...) {
        (void)give_back();
        throw;
    }
}

BorrowedRoot::~BorrowedRoot()
{
    try {
        (void)give_back();
    } catch (const Error &) {
        // The container is thrown away with what is out of place.
    }
}

std::string BorrowedRoot::at(const fs::path &base, std::string_view path) const
{
    return path.empty() ? base.native() : (base / path).native();
}

bool BorrowedRoot::is_of_machine(const std::string &path) const
{
    return path == "proc" || path == "sys" || path == "dev" || mounts_.contains(at(root_, path));
}

void BorrowedRoot::share(const std::string &path)
{
    Shared shared{path, {}, status_of(at(root_, path))};
    const auto stages = status_of(at(stage_, path));
    for (auto &name : names_in(at(root_, path)))
        shared.of_container.insert(std::move(name));
    const auto number = shared_.size();
    shared_.push_back(std::move(shared));
    for (const auto &name : names_in(at(stage_, path)))
        take(number, name);
    if (!path.empty())
        set_metadata(at(root_, path), stages);
}

void BorrowedRoot::take(std::size_t shared, const std::string &name)
{
    const auto entry = below(shared_[shared].path, name);
    if (is_of_machine(entry))
        return;
    const auto from = at(stage_, entry);
    const auto to = at(root_, entry);
    const auto status = status_of(from);
    if (exists(to)) {
        if (S_ISDIR(status.st_mode) && S_ISDIR(status_of(to).st_mode))
            return share(entry);
        const auto hidden = std::to_string(hides_.size());
        move(to, at(hidden_, hidden));
        hides_.push_back({entry, hidden});
        shared_[shared].of_container.erase(name);
    }
    move(from, to);
    if (!S_ISDIR(status.st_mode))
        files_[entry] = {status.st_ctim, status_of(to).st_ctim};
}

std::vector<MovedFile> BorrowedRoot::give_back()
{
    std::vector<MovedFile> moved;
    // Inner ones first: their directories are of the container, and stay.
    for (const Shared &shared : std::views::reverse(shared_))
        return_from(shared, moved);
    shared_.clear();
    for (const Hidden &hidden : std::views::reverse(hides_))
        move(at(hidden_, hidden.name), at(root_, hidden.path));
    hides_.clear();
    return moved;
}

void BorrowedRoot::return_from(const Shared &shared, std::vector<MovedFile> &moved)
{
    const auto here = at(root_, shared.path);
    const auto there = at(stage_, shared.path);
    const auto now = status_of(here);
    for (const auto &name : names_in(here)) {
        const auto entry = below(shared.path, name);
        if (shared.of_container.contains(name) || is_of_machine(entry))
            continue;
        const auto status = status_of(at(root_, entry));
        move(at(root_, entry), at(stage_, entry));
        const auto known = files_.find(entry);
        if (known != files_.end() && same(known->second.while_borrowed, status.st_ctim))
            moved.push_back(
                {entry, known->second.before, status_of(at(stage_, entry)).st_ctim, status.st_nlink > 1});
    }
    if (shared.path.empty())
        return;
    set_metadata(there, now);
    set_metadata(here, shared.container);
}

} // namespace mica::sandbox
