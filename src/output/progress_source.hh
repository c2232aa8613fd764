#pragma once
/// @file
/// Bytes that are counted, for all to see, as they pass.
#include "base/event.hh"
#include "base/stop.hh"
#include "io/stream.hh"
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace mica::output {

/// A task's progress over several sources. add() may be called from any thread.
class Progress {
public:
    Progress(Task &task, std::uint64_t total) : task_{task}, total_{total} {}
    void add(std::uint64_t bytes)
    {
        const std::scoped_lock lock{mutex_};
        done_ += bytes;
        task_.progress(done_, total_);
    }

private:
    Task &task_;
    std::uint64_t total_, done_ = 0;
    std::mutex mutex_;
};

/// Passes on what it reads, and throws Cancelled on a stop. `from` and `progress` must outlive it.
class ProgressSource final : public Source {
public:
    ProgressSource(Source &from, Progress &progress, std::stop_token stop)
        : from_{from}, progress_{progress}, stop_{std::move(stop)}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        throw_if_stopped(stop_);
        const auto count = from_.read(into);
        progress_.add(count);
        return count;
    }

private:
    Source &from_;
    Progress &progress_;
    std::stop_token stop_;
};

} // namespace mica::output
