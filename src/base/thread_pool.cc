#include "base/thread_pool.hh"

#include <algorithm>
#include <sched.h>

namespace mica {

ThreadPool::ThreadPool(unsigned threads)
{
    const unsigned count = threads == 0 ? usable_processors() : threads;
    workers_.reserve(count);
    for (unsigned i = 0; i < count; ++i)
        workers_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool()
{
    {
        const std::scoped_lock lock{mutex_};
        closing_ = true;
    }
    changed_.notify_all();
    for (auto &worker : workers_)
        worker.join();
}

void ThreadPool::enqueue(std::function<void()> job)
{
    {
        const std::scoped_lock lock{mutex_};
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void ThreadPool::work()
{
    while (true) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return closing_ || !jobs_.empty(); });
        if (jobs_.empty())
            return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
    }
}

unsigned usable_processors()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
    return std::max(1U, std::thread::hardware_concurrency());
}

} // namespace mica
