#pragma once
/// @file
/// Advisory locks between processes (and threads): flock(2) on a file of its own.
#include "io/fd.hh"
#include <filesystem>
#include <optional>
#include <stop_token>

namespace mica::os {

enum class LockMode { shared, exclusive };

/// Held as long as it lives. The file stays.
class FileLock {
public:
    /// Makes the file if need be; waits. Throws Error, Cancelled.
    FileLock(const std::filesystem::path &path, LockMode mode, const std::stop_token &stop);
    /// nullopt when somebody else holds it.
    [[nodiscard]] static std::optional<FileLock> try_lock(const std::filesystem::path &path, LockMode mode);
    /// Exclusive becomes shared. Others may get in between: check again what was decided on.
    void share();

private:
    explicit FileLock(Fd fd) : fd_{std::move(fd)} {}
    Fd fd_;
};

} // namespace mica::os
