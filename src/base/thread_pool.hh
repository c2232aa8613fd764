#pragma once
/// @file
/// Workers for CPU-bound pieces of work (compression, hashing).
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace mica {

/// A fixed number of threads that run submitted tasks in order of submission.
/// submit() may be called from any thread. The destructor runs what was
/// submitted, then joins. A task must not wait for another task of the same pool.
class ThreadPool {
public:
    /// Zero means one thread a processor that this process may use.
    explicit ThreadPool(unsigned threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;

    [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(workers_.size()); }

    /// The result, or what the task threw, comes out of the future.
    template <class Task> [[nodiscard]] auto submit(Task &&task) -> std::future<std::invoke_result_t<Task>>
    {
        using Result = std::invoke_result_t<Task>;
        auto job = std::make_shared<std::packaged_task<Result()>>(std::forward<Task>(task));
        auto result = job->get_future();
        enqueue([job] { (*job)(); });
        return result;
    }

private:
    void enqueue(std::function<void()> job);
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    bool closing_ = false;
    std::vector<std::thread> workers_;
};

/// Processors in this process' affinity mask; at least 1.
[[nodiscard]] unsigned usable_processors();

} // namespace mica
