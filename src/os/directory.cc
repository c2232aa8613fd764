#include "os/directory.hh"

#include "base/handle.hh"
#include "os/check.hh"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::os {
namespace {

void close_directory(DIR *directory)
{
    ::closedir(directory);
}

using Directory = Handle<DIR, close_directory>;

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

} // namespace

std::vector<std::string> list_directory(int directory)
{
    const int copy = check(::openat(directory, ".", directory_flags), "open a directory to list it");
    const Directory stream{::fdopendir(copy)};
    if (!stream) {
        const int error_number = errno;
        ::close(copy);
        throw system_error("fdopendir", error_number);
    }
    std::vector<std::string> names;
    while (true) {
        errno = 0;
        const dirent *entry = ::readdir(stream.get());
        if (entry == nullptr)
            break;
        std::string name{entry->d_name};
        if (name != "." && name != "..")
            names.push_back(std::move(name));
    }
    if (errno != 0)
        throw system_error("readdir", errno);
    std::ranges::sort(names);
    return names;
}

void remove_tree(int directory, const std::string &name)
{
    if (::unlinkat(directory, name.c_str(), 0) == 0 || errno == ENOENT)
        return;
    if (errno != EISDIR && errno != EPERM)
        throw system_error(fmt::format("remove {}", name), errno);
    const Fd inside{check(::openat(directory, name.c_str(), directory_flags),
                          [&] { return fmt::format("remove {}", name); })};
    for (const auto &child : list_directory(inside.get()))
        remove_tree(inside.get(), child);
    if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
        throw system_error(fmt::format("remove {}", name), errno);
}

Fd make_directory(int parent, const std::string &name, unsigned mode)
{
    if (::mkdirat(parent, name.c_str(), mode) != 0 && errno != EEXIST)
        throw system_error(fmt::format("make directory {}", name), errno);
    return Fd{check(::openat(parent, name.c_str(), directory_flags), [&] { return name; })};
}

} // namespace mica::os
