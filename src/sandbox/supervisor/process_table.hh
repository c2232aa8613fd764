#pragma once
/// @file
/// The credentials of the processes of one command.
#include "sandbox/supervisor/credentials.hh"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <sys/types.h>
#include <unordered_map>
#include <utility>

namespace mica::sandbox {

/// May be used from any thread. The essay is in the source file.
class ProcessTable {
public:
    explicit ProcessTable(Credentials initial) : initial_{std::move(initial)} {}

    [[nodiscard]] Credentials of(pid_t thread);
    /// All processes have what the command started with: of() is free.
    [[nodiscard]] bool all_initial() const { return known_ == 0; }
    [[nodiscard]] const Credentials &initial() const { return initial_; }
    /// `body` changes the credentials of the thread's process, and may throw.
    void change(pid_t thread, const std::function<void(Credentials &)> &body);
    /// The process is about to end.
    void forget(pid_t thread);

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] std::optional<Credentials> remembered(pid_t thread);
    void forget_answers();
    [[nodiscard]] Credentials find(pid_t process, pid_t parent);
    void settle_children(pid_t process, const Credentials &credentials);

    const Credentials initial_;
    std::mutex mutex_;
    std::map<pid_t, Credentials> processes_;
    std::unordered_map<pid_t, Credentials> answers_; ///< by thread
    Clock::time_point answers_since_;
    std::size_t changes_ = 0;
    std::atomic<std::size_t> known_ = 0; ///< size of the map
};

} // namespace mica::sandbox
