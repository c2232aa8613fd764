#pragma once
/// @file
/// The registers of a thread that this thread traces and that is stopped.
#include "sandbox/supervisor/abi.hh"
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/user.h>

namespace mica::sandbox {

/// A copy, until store(). Throws CallFailed (ESRCH) when the thread was killed.
class Registers {
public:
    explicit Registers(pid_t thread);
    void store() const;

    [[nodiscard]] std::uint64_t stack() const;
    void set_stack(std::uint64_t address);
    /// The address of the next instruction.
    [[nodiscard]] std::uint64_t next() const;
    void set_next(std::uint64_t address);

    /// Of the system call that the thread is in.
    void set_argument(Abi abi, unsigned index, std::uint64_t value);
    [[nodiscard]] std::uint64_t argument(Abi abi, unsigned index) const;
    /// What the call that just ended returned: negative is an errno.
    [[nodiscard]] std::int64_t result(Abi abi) const;
    /// The call that is about to begin does not take place, and returns this.
    void skip_call(std::int64_t result);
    /// Of a thread that is in no call, or at the very end of one: makes one, at `next`.
    void prepare_call(Abi abi, int number, std::span<const std::uint64_t> arguments, std::uint64_t next);

private:
    [[nodiscard]] std::uint64_t *place_of(Abi abi, unsigned index);

    pid_t thread_;
    user_regs_struct values_{};
    bool skips_ = false;
};

/// A system call's instruction, and one that stops the thread afterwards with SIGTRAP, as they lie in
/// memory; 8 bytes at most.
[[nodiscard]] std::span<const std::byte> call_and_stop(Abi abi);

} // namespace mica::sandbox
