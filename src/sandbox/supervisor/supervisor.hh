#pragma once
/// @file
/// Answers the system calls of a command and its descendants.
///
/// How the parts fit:
///
///     Dispatch dispatch;
///     dispatch.on("chown", [&](SystemCall &call) {          // by name, for every ABI that has it
///         const std::string path = call.text(0);            // throws CallFailed{EFAULT}
///         return Reply::value(0);                           // or error(), descriptor(), go_on(), pass()
///     });
///     dispatch.on("openat", open_new, When{2, O_CREAT});    // the kernel tells of these alone
///     dispatch.answer("io_uring_setup", ENOSYS);            // nobody is asked
///
///     // the child, when all else is set up:     // its parent:
///     enter_supervision(socket, filter);         Supervisor supervisor{receive_listener(socket), dispatch};
///     execve(…);                                 release_supervised(socket);
///
/// A backend is a list of such parts: each registers its handlers with the one Dispatch, and a
/// handler that does not know a path, a process or an attribute passes. Order matters: the virtual /proc
/// comes before what looks at files of the root.
#include "base/error.hh"
#include "base/guarded.hh"
#include "sandbox/supervisor/background_answers.hh"
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/listener.hh"
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace mica::sandbox {

/// Several threads that receive, ask the dispatch, answer. Lives in a process of its own that
/// holds no code of the image and that the command cannot trace: when that process dies the
/// command must die with it (its calls would fail with ENOSYS), and its report is missing.
class Supervisor {
public:
    /// `dispatch` must outlive this. `on_failure` is called once, from a thread of the supervisor's,
    /// when a handler failed by anything but CallFailed: it should end the command. Every call fails
    /// with EIO from then on.
    Supervisor(Fd listener, const Dispatch &dispatch, std::function<void()> on_failure, unsigned threads = 4);
    /// Ends the threads (by SIGUSR1, whose action in this process becomes to do nothing).
    ~Supervisor();
    Supervisor(const Supervisor &) = delete;
    Supervisor &operator=(const Supervisor &) = delete;

    [[nodiscard]] std::optional<Error> failure() const;

private:
    void work() noexcept;
    void serve();
    void answer(SystemCall &call);
    [[nodiscard]] Reply reply_to(SystemCall &call);
    void fail(Error error);

    Listener listener_;
    BackgroundAnswers background_;
    const Dispatch &dispatch_;
    std::function<void()> on_failure_;
    std::atomic<bool> stopping_ = false, failed_ = false;
    std::atomic<unsigned> running_;
    Guarded<std::optional<Error>> failure_;
    std::vector<std::thread> threads_;
};

} // namespace mica::sandbox
