#include "tar/path.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>

namespace mica::tar {

namespace {

void refuse_unusable(std::string_view name)
{
    if (name.size() > max_path_length)
        throw Error{ErrorKind::integrity,
                    fmt::format("a name of {} bytes is longer than the {} allowed ({}...)", name.size(),
                                max_path_length, name.substr(0, 64))};
    if (name.find('\0') != std::string_view::npos)
        throw Error{ErrorKind::integrity, "a name has a NUL byte in it"};
}

} // namespace

std::string clean_path(std::string_view name)
{
    refuse_unusable(name);
    std::string path;
    path.reserve(name.size());
    for (const auto part : split(name, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part == "..")
            throw Error{ErrorKind::integrity,
                        fmt::format("the name '{}' has a '..' that could leave the root", name)};
        if (!path.empty())
            path += '/';
        path += part;
    }
    return path;
}

bool is_clean_path(std::string_view path)
{
    if (path.size() > max_path_length || path.find('\0') != std::string_view::npos)
        return false;
    if (path.empty())
        return true;
    for (const auto part : split(path, '/'))
        if (part.empty() || part == "." || part == "..")
            return false;
    return true;
}

std::string_view parent_path(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view base_name(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

} // namespace mica::tar
