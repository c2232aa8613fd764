#pragma once
/// @file
/// System calls that a tracer makes a stopped thread do.
#include "sandbox/supervisor/abi.hh"
#include "sandbox/translate/registers.hh"
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// Thrown by the tracer's parts: the thread was killed in the middle of it. The status of waitpid(2).
struct ThreadEnded {
    int status;
};

/// For a thread at the end of execve(2), alone in its memory, before the new program's first instruction.
/// All throw ThreadEnded and CallFailed.
class RemoteCalls {
public:
    RemoteCalls(pid_t thread, Abi abi) : thread_{thread}, abi_{abi}, start_{thread} {}

    /// What the call returned; CallFailed with its errno.
    [[nodiscard]] std::uint64_t call(std::string_view name, std::initializer_list<std::uint64_t> arguments);
    /// The thread as it was, but for its stack. The signals that came meanwhile, which it did not get.
    [[nodiscard]] std::vector<int> finish(std::uint64_t stack);
    [[nodiscard]] const Registers &start() const { return start_; }

private:
    void plant();
    void wait_for_stop();

    pid_t thread_;
    Abi abi_;
    Registers start_;
    std::uint64_t code_ = 0;    ///< where the instructions are; 0: nowhere yet
    std::uint64_t covered_ = 0; ///< what was there
    std::vector<int> signals_;
};

} // namespace mica::sandbox
