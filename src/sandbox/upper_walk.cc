#include "sandbox/upper_walk.hh"

#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "sandbox/entry_reader.hh"
#include <fcntl.h>
#include <string>
#include <sys/stat.h>

namespace mica::sandbox {
namespace {

class Walker {
public:
    explicit Walker(OverlayForm form) : reader_{form} {}

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

    EntryReader reader_;
    std::vector<UpperEntry> entries_;
};

UpperEntry whiteout(const std::string &path)
{
    UpperEntry gone;
    gone.kind = UpperEntry::Kind::whiteout;
    gone.path = path;
    return gone;
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

std::vector<UpperEntry> walk_upper(int upper, std::span<const int> earlier, OverlayForm form)
{
    Walker walker{form};
    walker.root(upper);
    std::vector<Fd> lower;
    for (const int fd : earlier)
        lower.push_back(os::open_beneath(fd, "", O_RDONLY | O_DIRECTORY));
    walker.directory(upper, "", lower);
    return walker.take();
}

} // namespace mica::sandbox
