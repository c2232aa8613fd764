#pragma once
/// @file
/// Files that threads are going to be given for the next one that they open.
#include "io/fd.hh"
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <sys/types.h>
#include <utility>

namespace mica::sandbox {

/// May be used from any thread.
class HandedFiles {
public:
    void put(pid_t thread, Fd file)
    {
        const std::scoped_lock lock{mutex_};
        files_[thread] = std::move(file);
        count_ = files_.size();
    }
    /// At no cost while there are none at all.
    [[nodiscard]] std::optional<Fd> take(pid_t thread)
    {
        if (count_ == 0)
            return std::nullopt;
        const std::scoped_lock lock{mutex_};
        auto found = files_.extract(thread);
        count_ = files_.size();
        return found ? std::optional{std::move(found.mapped())} : std::nullopt;
    }

private:
    std::mutex mutex_;
    std::map<pid_t, Fd> files_;
    std::atomic<std::size_t> count_ = 0;
};

} // namespace mica::sandbox
