#pragma once
/// @file
/// A bounded hand-over point between two pipeline stages.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace mica {

/// push() blocks while full, pop() while empty; both give up when the token is
/// stopped. All members may be called from any thread.
template <class T> class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_{capacity} {}

    /// False: stopped or closed, the item was not taken.
    [[nodiscard]] bool push(T item, const std::stop_token &stop)
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return closed_ || items_.size() < capacity_; }) || closed_)
            return false;
        items_.push_back(std::move(item));
        changed_.notify_all();
        return true;
    }

    /// Empty: stopped, or closed and drained.
    [[nodiscard]] std::optional<T> pop(const std::stop_token &stop)
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return closed_ || !items_.empty(); }) || items_.empty())
            return std::nullopt;
        std::optional<T> item{std::move(items_.front())};
        items_.pop_front();
        changed_.notify_all();
        return item;
    }

    /// No more items will come (or be taken). Idempotent.
    void close()
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
        changed_.notify_all();
    }

private:
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<T> items_;
    bool closed_ = false;
};

} // namespace mica
