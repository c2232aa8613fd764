#include "sandbox/supervisor/background_answers.hh"

#include <chrono>
#include <csignal>
#include <exception>

// A process that waits in open(2) of a FIFO can be killed. The thread that waits here in its place counts
// as an end of the FIFO, and would go on waiting. So somebody looks every now and then whether each call
// is still waited for, and interrupts the thread if not: again and again, since a signal that comes just
// before the thread blocks is lost.

namespace mica::sandbox {

BackgroundAnswers::~BackgroundAnswers()
{
    stopping_ = true;
    watcher_.with([](std::thread &watcher) {
        if (watcher.joinable())
            watcher.join();
    });
}

void BackgroundAnswers::start(const SystemCall &call, const Reply &later)
{
    workers_.with([&](std::list<Worker> &workers) {
        Worker &worker = workers.emplace_back(call);
        worker.thread = std::thread{[this, &worker, body = later.work()] { work(worker, body); }};
    });
    watcher_.with([&](std::thread &watcher) {
        if (!watcher.joinable())
            watcher = std::thread{[this] { watch(); }};
    });
}

void BackgroundAnswers::work(Worker &worker, const std::function<Reply()> &body) noexcept
{
    try {
        try {
            listener_.answer(worker.call, body());
        } catch (const CallFailed &failed) {
            listener_.answer(worker.call, Reply::error(failed.error_number));
        }
    } catch (const std::exception &) {
        // Nobody to tell: the process sees its call interrupted when the listener goes.
    }
    worker.done = true;
}

void BackgroundAnswers::watch() noexcept
{
    constexpr auto pause = std::chrono::milliseconds{20};
    while (true) {
        const bool stopping = stopping_;
        const bool empty = workers_.with([&](std::list<Worker> &workers) {
            interrupt(workers);
            return workers.empty();
        });
        if (stopping && empty)
            return;
        std::this_thread::sleep_for(pause);
    }
}

void BackgroundAnswers::interrupt(std::list<Worker> &workers)
{
    for (auto worker = workers.begin(); worker != workers.end();) {
        if (worker->done) {
            worker->thread.join();
            worker = workers.erase(worker);
            continue;
        }
        try {
            worker->call.still_waits();
            if (stopping_)
                ::pthread_kill(worker->thread.native_handle(), interruption_);
        } catch (const CallFailed &) {
            ::pthread_kill(worker->thread.native_handle(), interruption_);
        }
        ++worker;
    }
}

} // namespace mica::sandbox
