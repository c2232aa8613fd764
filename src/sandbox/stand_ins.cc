#include "sandbox/stand_ins.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <ranges>
#include <unistd.h>

// Showing without mounting
//
// A rename is as good as a bind mount for one command at a time: it takes a moment whatever the
// size, keeps inodes, owners and attributes, and the kernel does the rest, for every system call
// there is. Three things differ from a mount, and each is seen to:
//
// - What lay at the place must not be lost or be taken for changed. It waits in a directory that the
//   command cannot reach, and is moved back. That gives a file a new ctime, which a scan would take
//   for a change (the list that restore() returns lets it know better). Directories' times do not
//   matter to it.
// - The place's parent gets a new modification time, twice. It gets the old one back, unless the
//   command changed it itself.
// - The command can do to what it is lent what root can do to files. What it moves or removes is
//   gone; what must stay as it is has to be lent as a copy.

namespace mica::sandbox {
namespace {

timespec modification_time(int directory)
{
    struct stat status{};
    os::check(::fstat(directory, &status), "stat of a directory");
    return status.st_mtim;
}

void set_modification_time(int directory, const timespec &time)
{
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, time};
    (void)::futimens(directory, times.data());
}

bool same(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

std::string path_of(int file)
{
    std::array<char, PATH_MAX> text{};
    const auto size = os::check(::readlink(os::fd_path(file).c_str(), text.data(), text.size()), "readlink");
    return {text.data(), static_cast<std::size_t>(size)};
}

void move(int from, const std::string &name, int to, const std::string &new_name, std::string_view what)
{
    if (::renameat(from, name.c_str(), to, new_name.c_str()) == 0)
        return;
    const int error_number = errno;
    auto error = system_error(fmt::format("move {}", what), error_number);
    if (error_number == EXDEV)
        throw Error{ErrorKind::unsupported, error.message()}.with_hint(
            "without mounts, what a RUN is shown must be on the file system of the state directory "
            "(--state)");
    throw error;
}

} // namespace

StandIns::StandIns(const std::string &root, std::filesystem::path hidden)
    : root_path_{root == "/" ? std::string{} : root}, root_{open_file(root, O_RDONLY | O_DIRECTORY)},
      hidden_{open_file(hidden, O_RDONLY | O_DIRECTORY)}
{
}

StandIns::~StandIns()
{
    (void)restore();
}

void StandIns::lend(const std::filesystem::path &source, std::string_view target)
{
    show(source, target, source);
}

void StandIns::give(const std::filesystem::path &source, std::string_view target)
{
    show(source, target, {});
}

void StandIns::show(const std::filesystem::path &source, std::string_view target,
                    std::filesystem::path returns_to)
{
    struct stat status{};
    os::check(::lstat(source.c_str(), &status), source.native());
    auto place =
        find(target, S_ISDIR(status.st_mode) ? MountPoints::Kind::directory : MountPoints::Kind::file);
    place.returns_to = std::move(returns_to);
    place.shown = status.st_ino;
    const auto parent_time = modification_time(place.parent.get());
    place.hidden = std::to_string(names_++);
    struct stat there{};
    os::check(::fstatat(place.parent.get(), place.name.c_str(), &there, AT_SYMLINK_NOFOLLOW), target);
    place.was_changed = there.st_ctim;
    place.was_file = !S_ISDIR(there.st_mode);
    if (place.was_file == S_ISDIR(status.st_mode))
        throw Error{ErrorKind::unsupported,
                    fmt::format("{} is a {} in the image", target, place.was_file ? "file" : "directory")};
    move(place.parent.get(), place.name, hidden_.get(), place.hidden, target);
    move(AT_FDCWD, source, place.parent.get(), place.name, target);
    set_modification_time(place.parent.get(), parent_time);
    struct stat parent{};
    os::check(::fstat(place.parent.get(), &parent), target);
    place.parent_inode = parent.st_ino;
    parent_times_[parent.st_ino] = parent_time;
    places_.push_back(std::move(place));
}

StandIns::Place StandIns::find(std::string_view target, MountPoints::Kind kind)
{
    points_.ensure(root_.get(), target, kind);
    const auto found = os::find_in_root(root_.get(), target, O_PATH);
    if (!found)
        throw system_error(target, ENOENT);
    const auto path = path_of(found->get());
    if (!path.starts_with(root_path_ + '/'))
        throw Error{ErrorKind::unsupported, fmt::format("without mounts nothing can be shown at {}", target)};
    const auto inside = std::string_view{path}.substr(root_path_.size() + 1);
    const auto [parent, name] = os::split_path(inside);
    Place place;
    place.parent = os::open_beneath(root_.get(), parent, O_RDONLY | O_DIRECTORY);
    place.parent_path = parent;
    place.name = name;
    return place;
}

std::vector<MovedFile> StandIns::restore() noexcept
{
    std::vector<MovedFile> moved;
    const auto untouched = untouched_parents();
    for (const Place &place : std::views::reverse(places_)) {
        try {
            take_back(place, moved);
            // What points_ made there stands with this time as well, and finds it.
            if (untouched.contains(place.parent_inode))
                set_modification_time(place.parent.get(), parent_times_.at(place.parent_inode));
        } catch (const std::exception &) {
            continue; // the command took its directory away: there is no place to put anything
        }
    }
    places_.clear();
    points_.remove();
    return moved;
}

std::set<ino_t> StandIns::untouched_parents() const
{
    std::set<ino_t> untouched;
    for (const Place &place : places_) {
        struct stat status{};
        if (::fstat(place.parent.get(), &status) == 0 &&
            same(status.st_mtim, parent_times_.at(place.parent_inode)))
            untouched.insert(place.parent_inode);
    }
    return untouched;
}

void StandIns::take_back(const Place &place, std::vector<MovedFile> &moved)
{
    struct stat there{};
    // What the command put in its place (a link, say) is not what was lent.
    const bool returns =
        !place.returns_to.empty() &&
        ::fstatat(place.parent.get(), place.name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        there.st_ino == place.shown;
    if (!returns ||
        ::renameat(place.parent.get(), place.name.c_str(), AT_FDCWD, place.returns_to.c_str()) != 0)
        os::remove_tree(place.parent.get(), place.name);
    move(hidden_.get(), place.hidden, place.parent.get(), place.name, place.name);
    if (place.was_file) {
        struct stat now{};
        os::check(::fstatat(place.parent.get(), place.name.c_str(), &now, AT_SYMLINK_NOFOLLOW), place.name);
        const auto path = place.parent_path.empty() || place.parent_path == "."
                              ? place.name
                              : place.parent_path + '/' + place.name;
        moved.push_back({path, place.was_changed, now.st_ctim, now.st_nlink > 1});
    }
}

} // namespace mica::sandbox
