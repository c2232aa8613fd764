#include "os/xattr.hh"

#include "base/error.hh"
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/xattr.h>

namespace mica::os {
namespace {

/// The kernel's bound for the list of names and for one value (XATTR_LIST_MAX, XATTR_SIZE_MAX).
constexpr std::size_t kernel_limit = 65536;

bool means_none(int error_number)
{
    return error_number == ENODATA || error_number == ENOTSUP;
}

} // namespace

Xattrs read_xattrs(const std::string &path)
{
    std::array<char, 1024> small{};
    std::string names;
    ssize_t size = ::llistxattr(path.c_str(), small.data(), small.size());
    if (size < 0 && errno == ERANGE) {
        names.resize(kernel_limit);
        size = ::llistxattr(path.c_str(), names.data(), names.size());
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
        const ssize_t length = ::lgetxattr(path.c_str(), name, value.data(), value.size());
        if (length < 0 && means_none(errno))
            continue;
        if (length < 0)
            throw system_error(path + ": attribute " + name, errno);
        value.resize(static_cast<std::size_t>(length));
        found.emplace(name, std::move(value));
    }
    return found;
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
