#include "output/staging.hh"

#include "base/error.hh"
#include "oci/staged_file.hh"
#include "os/directory.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace mica::output {

namespace fs = std::filesystem;

fs::path parent_of(const fs::path &path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path{"."};
}

Staging::Staging(const fs::path &parent) : path_{oci::temporary_name(parent)}
{
    if (::mkdir(path_.c_str(), 0777) != 0) // less the umask: it may become the destination
        throw system_error(path_.native(), errno);
}

Staging::~Staging()
{
    if (path_.empty())
        return;
    try {
        const auto parent = open_file(parent_of(path_), O_RDONLY | O_DIRECTORY);
        os::remove_tree(parent.get(), path_.filename());
    } catch (const Error &) {
        return; // it failed already, and with a better reason
    }
}

Occupancy look_at(const fs::path &destination)
{
    struct stat status{};
    if (::stat(destination.c_str(), &status) != 0) {
        if (errno != ENOENT)
            throw system_error(destination.native(), errno);
        std::error_code failure;
        fs::create_directories(parent_of(destination), failure);
        if (failure)
            throw system_error(parent_of(destination).native(), failure.value());
        return Occupancy::nothing;
    }
    if (!S_ISDIR(status.st_mode))
        throw Error{ErrorKind::usage, fmt::format("{} is not a directory", destination.native())};
    const auto directory = open_file(destination, O_RDONLY | O_DIRECTORY);
    return os::list_directory(directory.get()).empty() ? Occupancy::empty_directory : Occupancy::directory;
}

} // namespace mica::output
