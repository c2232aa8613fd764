#pragma once
/// @file
/// Answers that take their time (Reply::later()).
#include "base/guarded.hh"
#include "sandbox/supervisor/listener.hh"
#include "sandbox/supervisor/reply.hh"
#include "sandbox/supervisor/system_call.hh"
#include <atomic>
#include <list>
#include <thread>

namespace mica::sandbox {

/// A thread for each, so that no supervisor's thread ever blocks: what it waits for may be another call
/// of the command's. May be used from any thread.
class BackgroundAnswers {
public:
    /// `interruption`: a signal whose handler does nothing, and makes blocking calls end.
    BackgroundAnswers(const Listener &listener, int interruption)
        : listener_{listener}, interruption_{interruption}
    {
    }
    /// Interrupts all.
    ~BackgroundAnswers();
    BackgroundAnswers(const BackgroundAnswers &) = delete;
    BackgroundAnswers &operator=(const BackgroundAnswers &) = delete;

    void start(const SystemCall &call, const Reply &later);

private:
    struct Worker {
        SystemCall call;
        std::atomic<bool> done = false;
        std::thread thread;
    };
    void work(Worker &worker, const std::function<Reply()> &body) noexcept;
    void watch() noexcept;
    void interrupt(std::list<Worker> &workers);

    const Listener &listener_;
    int interruption_;
    std::atomic<bool> stopping_ = false;
    Guarded<std::list<Worker>> workers_;
    Guarded<std::thread> watcher_; ///< runs from the first start() on
};

} // namespace mica::sandbox
