#include "output/merge_directory.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::output {

namespace {

enum class Kind { nothing, directory, other };

Kind kind_of(int directory, const std::string &name)
{
    struct stat status{};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return Kind::nothing;
        throw system_error(name, errno);
    }
    return S_ISDIR(status.st_mode) ? Kind::directory : Kind::other;
}

Fd open_directory(int parent, const std::string &name)
{
    return os::open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
}

void look_for_obstacles(int from, int to, const std::string &path)
{
    for (const auto &name : os::list_directory(from)) {
        const auto here = path.empty() ? name : path + "/" + name;
        const auto mine = kind_of(from, name);
        const auto theirs = kind_of(to, name);
        if (theirs == Kind::nothing)
            continue;
        if (mine != theirs) {
            const bool is_mine = mine == Kind::directory;
            throw Error{ErrorKind::usage,
                        fmt::format("{} is in the way: it is a {} there and a {} in the image", here,
                                    is_mine ? "file" : "directory", is_mine ? "directory" : "file")}
                .with_hint("remove it, or give another directory");
        }
        if (mine == Kind::directory)
            look_for_obstacles(open_directory(from, name).get(), open_directory(to, name).get(), here);
    }
}

void move_all(int from, int to)
{
    for (const auto &name : os::list_directory(from)) {
        if (kind_of(from, name) == Kind::directory && kind_of(to, name) == Kind::directory) {
            move_all(open_directory(from, name).get(), open_directory(to, name).get());
            os::check(::unlinkat(from, name.c_str(), AT_REMOVEDIR), [&] { return name; });
        } else {
            os::check(::renameat(from, name.c_str(), to, name.c_str()), [&] { return name; });
        }
    }
}

} // namespace

void merge_directory(int from, int to)
{
    look_for_obstacles(from, to, "");
    move_all(from, to);
}

} // namespace mica::output
