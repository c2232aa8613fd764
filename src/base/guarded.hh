#pragma once
/// @file
/// A value that can be reached only with its lock held.
#include <mutex>
#include <utility>

namespace mica {

template <class T> class Guarded {
public:
    Guarded() = default;
    explicit Guarded(T value) : value_{std::move(value)} {}

    /// Runs `body(value)` under the lock. Never do I/O inside.
    template <class Body> decltype(auto) with(Body &&body)
    {
        const std::scoped_lock lock{mutex_};
        return std::forward<Body>(body)(value_);
    }
    template <class Body> decltype(auto) with(Body &&body) const
    {
        const std::scoped_lock lock{mutex_};
        return std::forward<Body>(body)(value_);
    }

private:
    mutable std::mutex mutex_;
    T value_{};
};

} // namespace mica
