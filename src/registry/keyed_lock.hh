#pragma once
/// @file
/// One piece of work at a time for each key: whoever comes second waits and finds the result.
#include "base/error.hh"
#include <condition_variable>
#include <mutex>
#include <set>
#include <stop_token>
#include <utility>

namespace mica::registry {

/// Unlike a Guarded value this is made to be held across I/O; other keys are not held up.
template <class Key> class KeyedLock {
public:
    class Hold {
    public:
        Hold(KeyedLock &lock, Key key) : lock_{lock}, key_{std::move(key)} {}
        Hold(const Hold &) = delete;
        Hold &operator=(const Hold &) = delete;
        ~Hold()
        {
            const std::scoped_lock lock{lock_.mutex_};
            lock_.held_.erase(key_);
            lock_.changed_.notify_all();
        }

    private:
        KeyedLock &lock_;
        Key key_;
    };

    /// Waits until nobody holds the key. Throws Cancelled.
    [[nodiscard]] Hold hold(const Key &key, const std::stop_token &stop)
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return !held_.contains(key); }))
            throw Cancelled{};
        held_.insert(key);
        return Hold{*this, key};
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<Key> held_;
};

} // namespace mica::registry
