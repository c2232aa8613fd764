#pragma once
/// @file
/// Not more often than so many times a second.
#include "net/retry.hh"
#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

namespace mica::registry {

/// Turns come at equal distances, for each name by itself. May be called from any thread.
class Pacer {
public:
    /// Waits for the caller's turn. Throws Cancelled.
    void wait(const std::string &name, std::chrono::milliseconds distance, const std::stop_token &stop)
    {
        using Clock = std::chrono::steady_clock;
        const auto now = Clock::now();
        const auto mine = [&] {
            const std::scoped_lock lock{mutex_};
            auto &next = next_[name];
            const auto turn = std::max(next, now);
            next = turn + distance;
            return turn;
        }();
        net::pause_for(std::chrono::ceil<std::chrono::milliseconds>(mine - now), stop);
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::chrono::steady_clock::time_point> next_;
};

} // namespace mica::registry
