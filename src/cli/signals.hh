#pragma once
/// @file
/// Ctrl-C and its kin, turned into a stop request.
#include "io/fd.hh"
#include <csignal>
#include <stop_token>
#include <thread>

namespace mica::cli {

/// Gives this process the signal state that a program expects at its start (nothing
/// blocked, SIGPIPE deadly), whatever the parent left; what mica starts again as a
/// sandbox' child passes it on to the command of a RUN.
void reset_signals();

/// From its construction on, the first SIGINT, SIGTERM or SIGHUP requests a stop, and
/// the second one kills the process. Make it before any other thread, so that no
/// other thread gets the signals. SIGPIPE is ignored from then on: a reader that
/// went away is an error of write(), not the end. A SIGHUP that is ignored (nohup)
/// stays so.
class SignalWatcher {
public:
    explicit SignalWatcher(std::stop_source stop);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher &) = delete;
    SignalWatcher &operator=(const SignalWatcher &) = delete;

private:
    void watch();

    std::stop_source stop_;
    sigset_t signals_{};
    sigset_t before_{};
    Fd incoming_; ///< a signalfd
    Fd ending_;   ///< an eventfd: the destructor was called
    std::thread thread_;
};

} // namespace mica::cli
