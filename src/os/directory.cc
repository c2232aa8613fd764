#include "os/directory.hh"

#include "base/handle.hh"
#include "os/check.hh"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
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

/// Without "." and "..".
template <class Visitor> void read_directory(int directory, Visitor visitor)
{
    const int copy = check(::openat(directory, ".", directory_flags), "open a directory to list it");
    const Directory stream{::fdopendir(copy)};
    if (!stream) {
        const int error_number = errno;
        ::close(copy);
        throw system_error("fdopendir", error_number);
    }
    while (true) {
        errno = 0;
        const dirent *entry = ::readdir(stream.get());
        if (entry == nullptr)
            break;
        if (const std::string_view name{entry->d_name}; name != "." && name != "..")
            visitor(*entry);
    }
    if (errno != 0)
        throw system_error("readdir", errno);
}

} // namespace

std::vector<std::string> list_directory(int directory)
{
    std::vector<std::string> names;
    read_directory(directory, [&](const dirent &entry) { names.emplace_back(entry.d_name); });
    std::ranges::sort(names);
    return names;
}

std::vector<DirectoryEntry> list_entries(int directory)
{
    std::vector<DirectoryEntry> entries;
    read_directory(directory, [&](const dirent &entry) {
        entries.push_back({entry.d_name, static_cast<mode_t>(DTTOIF(entry.d_type))});
    });
    for (auto &entry : entries) {
        struct stat status{};
        if (entry.type != 0 || ::fstatat(directory, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue; // known, or gone
        entry.type = status.st_mode & S_IFMT;
    }
    std::erase_if(entries, [](const DirectoryEntry &entry) { return entry.type == 0; });
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
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
