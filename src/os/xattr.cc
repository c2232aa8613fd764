#include "os/xattr.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "os/path_walk.hh"
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace mica::os {
namespace {

/// The kernel's bound for the list of names and for one value (XATTR_LIST_MAX, XATTR_SIZE_MAX).
constexpr std::size_t kernel_limit = 65536;

bool means_none(int error_number)
{
    return error_number == ENODATA || error_number == ENOTSUP;
}

/// `list(into, room)` and `get(name, into, room)` are the system's calls for this one file.
template <class List, class Get>
Xattrs read_all_attributes(const std::string &path, const List &list, const Get &get)
{
    std::array<char, 1024> small{};
    std::string names;
    ssize_t size = list(small.data(), small.size());
    if (size < 0 && errno == ERANGE) {
        names.resize(kernel_limit);
        size = list(names.data(), names.size());
        names.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    } else if (size > 0) {
        names.assign(small.data(), static_cast<std::size_t>(size));
    }
    if (size < 0 && !means_none(errno))
        throw system_error(path, errno);
    Xattrs found;
    for (std::size_t at = 0; at < names.size(); at += std::strlen(names.c_str() + at) + 1) {
        const char *name = names.c_str() + at;
        std::string value(kernel_limit, '\0');
        const ssize_t length = get(name, value.data(), value.size());
        if (length < 0 && means_none(errno))
            continue;
        if (length < 0)
            throw system_error(path + ": attribute " + name, errno);
        value.resize(static_cast<std::size_t>(length));
        found.emplace(name, std::move(value));
    }
    return found;
}

} // namespace

Xattrs read_xattrs(const std::string &path)
{
    return read_all_attributes(
        path, [&](char *into, std::size_t room) { return ::llistxattr(path.c_str(), into, room); },
        [&](const char *name, char *into, std::size_t room) {
            return ::lgetxattr(path.c_str(), name, into, room);
        });
}

Xattrs read_xattrs_in(int directory, const std::string &name)
{
    try {
        return read_xattrs(fd_path(directory, name));
    } catch (const Error &) {
        if (::access("/proc/self/fd", X_OK) == 0)
            throw;
    }
    const Fd file{
        ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!file)
        return {};
    return read_all_attributes(
        name, [&](char *into, std::size_t room) { return ::flistxattr(file.get(), into, room); },
        [&](const char *attribute, char *into, std::size_t room) {
            return ::fgetxattr(file.get(), attribute, into, room);
        });
}

bool has_xattr(const std::string &path, const char *name, std::string_view value)
{
    std::array<char, 64> buffer{};
    const ssize_t length = ::lgetxattr(path.c_str(), name, buffer.data(), buffer.size());
    return length >= 0 && std::string_view{buffer.data(), static_cast<std::size_t>(length)} == value;
}

int set_xattr(const std::string &path, const std::string &name, std::string_view value)
{
    return ::lsetxattr(path.c_str(), name.c_str(), value.data(), value.size(), 0) == 0 ? 0 : errno;
}

} // namespace mica::os
