#include "sandbox/supervisor/paths.hh"

#include "os/path_walk.hh"
#include "sandbox/supervisor/file_records.hh"
#include "sandbox/supervisor/reply.hh"
#include <cerrno>

namespace mica::sandbox {

struct statx status_of_file(int file)
{
    struct statx status{};
    if (::statx(file, "", AT_EMPTY_PATH, record_mask, &status) != 0)
        throw CallFailed{errno};
    return status;
}

std::string own_link(int file)
{
    return os::fd_path(file);
}

SplitName split_name(const std::string &path)
{
    if (path.empty())
        throw CallFailed{ENOENT};
    const auto last = path.find_last_not_of('/');
    if (last == std::string::npos)
        throw CallFailed{EEXIST};
    const auto slash = path.rfind('/', last);
    SplitName split;
    split.slash = last + 1 != path.size();
    split.name = path.substr(slash + 1, last - slash);
    if (slash == std::string::npos) {
        split.name = path.substr(0, last + 1);
        split.parent = ".";
    } else {
        split.parent = path.substr(0, slash + 1);
    }
    if (split.name == "." || split.name == "..")
        throw CallFailed{EEXIST};
    return split;
}

} // namespace mica::sandbox
