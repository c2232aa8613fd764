#pragma once
/// @file
/// Not more than so many at once.
#include "base/error.hh"
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace mica::registry {

/// A counting semaphore whose waiting can be stopped. May be used from any thread.
class Gate {
public:
    class Pass {
    public:
        explicit Pass(Gate &gate) : gate_{gate} {}
        Pass(const Pass &) = delete;
        Pass &operator=(const Pass &) = delete;
        ~Pass()
        {
            const std::scoped_lock lock{gate_.mutex_};
            ++gate_.free_;
            // Not one: that could be one who was just stopped, and nobody would take the place.
            gate_.changed_.notify_all();
        }

    private:
        Gate &gate_;
    };

    explicit Gate(unsigned places) : free_{places > 0 ? places : 1} {}

    /// Throws Cancelled.
    [[nodiscard]] Pass enter(const std::stop_token &stop)
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return free_ > 0; }))
            throw Cancelled{};
        --free_;
        return Pass{*this};
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    unsigned free_;
};

} // namespace mica::registry
