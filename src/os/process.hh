#pragma once
/// @file
/// Processes: starting them from a threaded program, and holding them by pidfd.
#include "io/fd.hh"
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace mica::os {

/// How a process ended, as waitid(2) tells it.
struct Ended {
    bool by_signal = false;
    int value = 0; ///< exit status, or the signal's number
    /// The status that a shell would show: 128 + signal.
    [[nodiscard]] int shell_status() const { return by_signal ? 128 + value : value; }
};

/// Owns a child. One that is still there when the handle goes is killed and waited
/// for, so that no zombie and no stray is left.
class Process {
public:
    Process() = default;
    Process(pid_t pid, Fd pidfd) : pid_{pid}, pidfd_{std::move(pidfd)} {}
    Process(Process &&other) noexcept : pid_{std::exchange(other.pid_, 0)}, pidfd_{std::move(other.pidfd_)} {}
    Process &operator=(Process &&other) noexcept;
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Readable when the process is dead.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
    void kill(int signal) const noexcept;
    /// Blocks until it is dead; once.
    [[nodiscard]] Ended wait();
    /// True when it died within the time.
    [[nodiscard]] bool dies_within(int milliseconds) const;

private:
    pid_t pid_ = 0;
    Fd pidfd_;
};

struct SpawnOptions {
    std::string executable; ///< a path, not searched for
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    /// Descriptors of the child beside 0, 1, 2 (which it shares): at most one, as number 3.
    std::optional<int> third;
    std::optional<int> standard_error; ///< in place of the shared one
};

/// Starts a program in a session of its own, with every signal at its default and
/// none blocked. Safe in a threaded process (posix_spawn: no code of ours runs between
/// fork and exec). Descriptors without O_CLOEXEC leak, as everywhere.
[[nodiscard]] Process spawn(const SpawnOptions &options);

/// Fork with namespace flags (CLONE_NEW…) for a process that has one thread.
/// In the child the result has pid 0.
struct Cloned {
    pid_t pid = 0;
    Fd pidfd;
};
[[nodiscard]] Cloned clone_process(unsigned long flags);

/// From here on the orphans among this process' descendants become its children.
void adopt_orphans();
/// Kills the children of this process, and theirs when they become its own (adopt_orphans()),
/// until none is left but `spared`. A race that a fork loop can win for a long time: where
/// the kernel can do it for us, it should.
void kill_children(pid_t spared = 0);

} // namespace mica::os
