#include "oci/staged_file.hh"

#include "base/error.hh"
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

namespace mica::oci {

namespace {

std::string proc_path(int fd)
{
    return fmt::format("/proc/self/fd/{}", fd);
}

/// An unnamed file can be given a name through /proc only.
Fd open_unnamed(const std::filesystem::path &directory)
{
    Fd fd{::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666)};
    if (fd && ::access(proc_path(fd.get()).c_str(), F_OK) != 0)
        fd.reset();
    return fd;
}

} // namespace

std::filesystem::path temporary_name(const std::filesystem::path &directory)
{
    std::uint64_t random = 0;
    if (::getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random))
        throw system_error("getrandom", errno);
    return directory / fmt::format(".mica-{:016x}", random);
}

StagedFile::StagedFile(const std::filesystem::path &directory)
    : fd_{open_unnamed(directory)}, directory_{directory}
{
    if (fd_)
        return;
    temporary_name_ = temporary_name(directory);
    fd_ = open_file(temporary_name_, O_CREAT | O_EXCL | O_RDWR, 0666);
}

StagedFile::~StagedFile()
{
    if (!temporary_name_.empty())
        ::unlink(temporary_name_.c_str());
}

void StagedFile::link_to(const std::filesystem::path &path)
{
    if (::linkat(AT_FDCWD, proc_path(fd_.get()).c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0)
        throw system_error(path.native(), errno);
}

void StagedFile::publish(const std::filesystem::path &path)
{
    if (::fdatasync(fd_.get()) != 0 && errno != EINVAL)
        throw system_error(path.native(), errno);
    if (temporary_name_.empty()) { // a link never replaces: a name for a moment, then the rename that does
        const auto name = temporary_name(directory_);
        link_to(name);
        temporary_name_ = name;
    }
    if (::rename(temporary_name_.c_str(), path.c_str()) != 0)
        throw system_error(path.native(), errno);
    temporary_name_.clear();
}

} // namespace mica::oci
