#include "sandbox/upper_walk.hh"

#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "os/xattr.hh"
#include "sandbox/entry_reader.hh"
#include <algorithm>
#include <fcntl.h>
#include <ranges>
#include <string>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <utility>

// What overlayfs copied for nothing
//
// Whoever opens a file for writing gets it copied to the upper directory, written to or not: lock
// files, databases that turn out to need no change, everything under a `chown -R` to the owner that
// it had. Without an overlay nothing tells of these (no time changes that a change of content or
// metadata would not change as well), and a layer must not depend on which of the two there is. A
// copy is known by the attribute that says where it came from, and keeps the time of its content; so
// the few that still look like their original are read and compared.

namespace mica::sandbox {
namespace {

bool has_same_metadata(const struct stat &a, const struct stat &b)
{
    return a.st_mode == b.st_mode && a.st_uid == b.st_uid && a.st_gid == b.st_gid && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

os::Xattrs own_xattrs(const std::string &path)
{
    auto xattrs = os::read_xattrs(path);
    std::erase_if(xattrs, [](const auto &xattr) { return is_overlay_attribute(xattr.first); });
    return xattrs;
}

bool have_same_bytes(Fd a, Fd b)
{
    constexpr std::size_t piece = std::size_t{1} << 16U;
    std::vector<std::byte> left(piece);
    std::vector<std::byte> right(piece);
    FdSource first{std::move(a)};
    FdSource second{std::move(b)};
    while (true) {
        // The kernel fills a buffer from a regular file unless it ends.
        const auto count = first.read(left);
        if (second.read(right) != count ||
            !std::equal(left.begin(), left.begin() + static_cast<long>(count), right.begin()))
            return false;
        if (count == 0)
            return true;
    }
}

class Walker {
public:
    Walker(OverlayForm form, std::span<const StackLayer> lower) : reader_{form}, form_{form}, lower_{lower} {}

    void root(int upper)
    {
        struct stat status{};
        os::check(::fstat(upper, &status), "stat of the upper directory");
        entries_.push_back(reader_.read(upper, ".", "", status));
    }
    void directory(int at, const std::string &path, const std::vector<Fd> &earlier)
    {
        for (const auto &name : os::list_directory(at))
            child(at, name, path.empty() ? name : path + '/' + name, earlier);
    }
    std::vector<UpperEntry> take() { return std::move(entries_); }

private:
    void child(int parent, const std::string &name, const std::string &path, const std::vector<Fd> &earlier);

    [[nodiscard]] bool is_idle_copy(int parent, const std::string &name, const std::string &path,
                                    const struct stat &status) const;

    EntryReader reader_;
    OverlayForm form_;
    std::span<const StackLayer> lower_;
    std::vector<UpperEntry> entries_;
};

UpperEntry whiteout(const std::string &path)
{
    UpperEntry gone;
    gone.kind = UpperEntry::Kind::whiteout;
    gone.path = path;
    return gone;
}

/// See above.
bool Walker::is_idle_copy(int parent, const std::string &name, const std::string &path,
                          const struct stat &status) const
{
    const auto *origin = form_ == OverlayForm::trusted ? "trusted.overlay.origin" : "user.overlay.origin";
    const auto here = os::fd_path(parent, name);
    if (!S_ISREG(status.st_mode) || status.st_nlink != 1 || ::lgetxattr(here.c_str(), origin, nullptr, 0) < 0)
        return false;
    for (const StackLayer &layer : std::views::reverse(lower_)) {
        const auto found = os::find_beneath(layer.directory.get(), path, O_PATH | O_NOFOLLOW);
        if (!found)
            continue;
        struct stat below{};
        os::check(::fstat(found->get(), &below), path);
        return has_same_metadata(status, below) && own_xattrs(here) == own_xattrs(layer.path + '/' + path) &&
               have_same_bytes(os::open_beneath(parent, name, O_RDONLY),
                               os::open_beneath(layer.directory.get(), path, O_RDONLY));
    }
    return false;
}

void Walker::child(int parent, const std::string &name, const std::string &path,
                   const std::vector<Fd> &earlier)
{
    struct stat status{};
    os::check(::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW), path);
    // A socket means nothing without its process, and tar has no form for it; but what it replaced is gone.
    if (is_whiteout(status) || S_ISSOCK(status.st_mode)) {
        entries_.push_back(whiteout(path));
        return;
    }
    if (is_idle_copy(parent, name, path, status))
        return;
    entries_.push_back(reader_.read(parent, name, path, status));
    if (!S_ISDIR(status.st_mode))
        return;
    std::vector<Fd> below;
    for (const Fd &layer : earlier)
        if (auto found = os::find_beneath(layer.get(), name, O_RDONLY | O_DIRECTORY))
            below.push_back(std::move(*found));
    if (!below.empty()) {
        struct stat lower{};
        os::check(::fstat(below.back().get(), &lower), path);
        entries_.back().earlier_mtime = nanoseconds(lower.st_mtim);
    }
    const Fd inside = os::open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    directory(inside.get(), path, below);
}

} // namespace

std::vector<UpperEntry> walk_upper(int upper, std::span<const int> earlier,
                                   std::span<const StackLayer> lower_layers, OverlayForm form)
{
    Walker walker{form, lower_layers};
    walker.root(upper);
    std::vector<Fd> lower;
    for (const int fd : earlier)
        lower.push_back(os::open_beneath(fd, "", O_RDONLY | O_DIRECTORY));
    walker.directory(upper, "", lower);
    return walker.take();
}

} // namespace mica::sandbox
