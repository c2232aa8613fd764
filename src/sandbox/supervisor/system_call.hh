#pragma once
/// @file
/// One system call of a supervised process, stopped until it is answered: its arguments, and
/// the memory of the process that they point to.
#include "sandbox/supervisor/abi.hh"
#include <climits>
#include <cstddef>
#include <cstdint>
#include <linux/seccomp.h>
#include <span>
#include <string>
#include <sys/types.h>
#include <type_traits>

namespace mica::sandbox {

/// Memory is read and written by the thread's number, and numbers are used again. So every
/// access is followed by the question whether the call still waits: a thread that does is the
/// one we mean. All that throws throws CallFailed.
class SystemCall {
public:
    SystemCall(int listener, const seccomp_notif &notice);
    /// Of a thread that its tracer, who is the caller, has stopped: nobody else can let it go on.
    SystemCall(pid_t stopped, const seccomp_data &data);

    [[nodiscard]] Abi abi() const { return static_cast<Abi>(data_.arch); }
    [[nodiscard]] int number() const { return data_.nr; }
    /// As this process' /proc shows it.
    [[nodiscard]] pid_t thread() const { return thread_; }
    [[nodiscard]] std::uint64_t id() const { return id_; }

    /// Arguments: a register, and what the kernel makes of one for a call that takes an int or
    /// unsigned int.
    [[nodiscard]] std::uint64_t argument(unsigned index) const { return data_.args[index]; }
    [[nodiscard]] std::uint32_t word(unsigned index) const
    {
        return static_cast<std::uint32_t>(data_.args[index]);
    }
    [[nodiscard]] int integer(unsigned index) const { return static_cast<int>(word(index)); }

    void read(std::uint64_t address, std::span<std::byte> into) const;
    void write(std::uint64_t address, std::span<const std::byte> bytes) const;
    /// Up to and without a zero byte. ENAMETOOLONG past `most` bytes, as for paths.
    [[nodiscard]] std::string text_at(std::uint64_t address, std::size_t most = PATH_MAX) const;
    [[nodiscard]] std::string text(unsigned index, std::size_t most = PATH_MAX) const
    {
        return text_at(argument(index), most);
    }
    template <class Value> [[nodiscard]] Value load(std::uint64_t address) const
    {
        static_assert(std::is_trivially_copyable_v<Value>);
        Value value{};
        read(address, std::as_writable_bytes(std::span{&value, 1}));
        return value;
    }
    template <class Value> void store(std::uint64_t address, const Value &value) const
    {
        static_assert(std::is_trivially_copyable_v<Value>);
        write(address, std::as_bytes(std::span{&value, 1}));
    }

    /// The thread waits for an answer, so that what /proc said about it was about it. Else
    /// CallFailed (nobody will see it).
    void still_waits() const;

private:
    int listener_;
    std::uint64_t id_;
    pid_t thread_;
    seccomp_data data_;
};

} // namespace mica::sandbox
