#include "os/file_lock.hh"

#include "base/stop.hh"
#include "os/check.hh"
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace mica::os {
namespace {

int operation(LockMode mode)
{
    return mode == LockMode::shared ? LOCK_SH : LOCK_EX;
}

bool try_flock(int fd, LockMode mode)
{
    if (::flock(fd, operation(mode) | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK && errno != EINTR)
        throw system_error("flock", errno);
    return false;
}

} // namespace

FileLock::FileLock(const std::filesystem::path &path, LockMode mode, const std::stop_token &stop)
    : fd_{open_file(path, O_RDWR | O_CREAT, 0644)}
{
    // Polling, since a blocked flock cannot be told to stop without signals.
    auto pause = std::chrono::milliseconds{1};
    while (!try_flock(fd_.get(), mode)) {
        throw_if_stopped(stop);
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds{50});
    }
}

std::optional<FileLock> FileLock::try_lock(const std::filesystem::path &path, LockMode mode)
{
    Fd fd = open_file(path, O_RDWR | O_CREAT, 0644);
    if (!try_flock(fd.get(), mode))
        return std::nullopt;
    return FileLock{std::move(fd)};
}

void FileLock::share()
{
    check(::flock(fd_.get(), LOCK_SH), "flock");
}

} // namespace mica::os
