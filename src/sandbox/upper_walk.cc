#include "sandbox/upper_walk.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include <array>
#include <chrono>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

std::int64_t nanoseconds(const timespec &time)
{
    return to_time(time).time_since_epoch().count();
}

/// Attributes that belong to an image. Labels of this machine's security modules and POSIX
/// ACLs (whose numbers are this machine's) do not; Docker's layers leave them out as well.
bool belongs_to_image(std::string_view name)
{
    if (is_overlay_attribute(name))
        return false;
    return name == "security.capability" || name.starts_with("user.") || name.starts_with("trusted.");
}

class Walker {
public:
    explicit Walker(OverlayForm form) : form_{form} {}

    void directory(int at, const std::string &path, const std::vector<Fd> &earlier)
    {
        for (const auto &name : os::list_directory(at))
            child(at, name, path.empty() ? name : path + '/' + name, earlier);
    }
    void entry(int parent, const std::string &name, const std::string &path, const struct stat &status)
    {
        UpperEntry &found = entries_.emplace_back();
        found.path = path;
        fill(found, parent, name, status);
    }
    UpperEntry &last() { return entries_.back(); }
    std::vector<UpperEntry> take() { return std::move(entries_); }

private:
    void child(int parent, const std::string &name, const std::string &path, const std::vector<Fd> &earlier);
    void fill(UpperEntry &found, int parent, const std::string &name, const struct stat &status);
    void set_type(UpperEntry &found, int parent, const std::string &name, const struct stat &status);

    OverlayForm form_;
    std::vector<UpperEntry> entries_;
    std::map<std::pair<dev_t, ino_t>, std::string> first_names_;
};

void Walker::child(int parent, const std::string &name, const std::string &path,
                   const std::vector<Fd> &earlier)
{
    struct stat status{};
    os::check(::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW), path);
    if (is_whiteout(status)) {
        UpperEntry &gone = entries_.emplace_back();
        gone.kind = UpperEntry::Kind::whiteout;
        gone.path = path;
        return;
    }
    if (S_ISSOCK(status.st_mode))
        return; // a socket means nothing without its process; tar has no form for it
    entry(parent, name, path, status);
    if (!S_ISDIR(status.st_mode))
        return;
    std::vector<Fd> below;
    for (const Fd &layer : earlier)
        if (auto found = os::find_beneath(layer.get(), name, O_RDONLY | O_DIRECTORY))
            below.push_back(std::move(*found));
    if (!below.empty()) {
        struct stat lower{};
        os::check(::fstat(below.back().get(), &lower), path);
        last().earlier_mtime = nanoseconds(lower.st_mtim);
    }
    const Fd inside = os::open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    directory(inside.get(), path, below);
}

void Walker::fill(UpperEntry &found, int parent, const std::string &name, const struct stat &status)
{
    found.mode = status.st_mode & 07777U;
    found.uid = status.st_uid;
    found.gid = status.st_gid;
    found.mtime = nanoseconds(status.st_mtim);
    set_type(found, parent, name, status);
    if (found.type == tar::FileType::hardlink)
        return;
    found.xattrs = os::read_xattrs(os::fd_path(parent, name));
    if (found.type == tar::FileType::directory) {
        const auto opaque = found.xattrs.find(opaque_attribute(form_));
        found.opaque = opaque != found.xattrs.end() && opaque->second == "y";
    }
    std::erase_if(found.xattrs, [](const auto &xattr) { return !belongs_to_image(xattr.first); });
}

void Walker::set_type(UpperEntry &found, int parent, const std::string &name, const struct stat &status)
{
    if (!S_ISDIR(status.st_mode) && status.st_nlink > 1) {
        const auto [first, is_first] =
            first_names_.emplace(std::pair{status.st_dev, status.st_ino}, found.path);
        if (!is_first) {
            found.type = tar::FileType::hardlink;
            found.link_target = first->second;
            return;
        }
    }
    switch (status.st_mode & S_IFMT) {
    case S_IFREG:
        found.type = tar::FileType::regular;
        found.size = static_cast<std::uint64_t>(status.st_size);
        return;
    case S_IFDIR:
        found.type = tar::FileType::directory;
        return;
    case S_IFIFO:
        found.type = tar::FileType::fifo;
        return;
    case S_IFLNK: {
        std::array<char, PATH_MAX> text{};
        const auto size = os::check(::readlinkat(parent, name.c_str(), text.data(), text.size()), found.path);
        found.type = tar::FileType::symlink;
        found.link_target.assign(text.data(), static_cast<std::size_t>(size));
        return;
    }
    default:
        found.type = S_ISCHR(status.st_mode) ? tar::FileType::char_device : tar::FileType::block_device;
        found.device_major = major(status.st_rdev);
        found.device_minor = minor(status.st_rdev);
    }
}

} // namespace

std::vector<UpperEntry> walk_upper(int upper, std::span<const int> earlier, OverlayForm form)
{
    Walker walker{form};
    struct stat status{};
    os::check(::fstat(upper, &status), "stat of the upper directory");
    walker.entry(upper, ".", "", status);
    std::vector<Fd> lower;
    for (const int fd : earlier)
        lower.push_back(os::open_beneath(fd, "", O_RDONLY | O_DIRECTORY));
    walker.directory(upper, "", lower);
    return walker.take();
}

} // namespace mica::sandbox
