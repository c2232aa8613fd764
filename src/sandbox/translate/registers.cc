#include "sandbox/translate/registers.hh"

#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <elf.h>
#include <sys/uio.h>

namespace mica::sandbox {
namespace {

void trace(__ptrace_request request, pid_t thread, unsigned long kind, void *data)
{
    if (::ptrace(request, thread, kind, data) != 0)
        throw CallFailed{errno};
}

constexpr std::byte operator""_b(unsigned long long value)
{
    return static_cast<std::byte>(value);
}

} // namespace

#if defined __x86_64__

Registers::Registers(pid_t thread) : thread_{thread}
{
    trace(PTRACE_GETREGS, thread, 0, &values_);
}

void Registers::store() const
{
    trace(PTRACE_SETREGS, thread_, 0, const_cast<user_regs_struct *>(&values_));
}

std::uint64_t Registers::stack() const
{
    return values_.rsp;
}

void Registers::set_stack(std::uint64_t address)
{
    values_.rsp = address;
}

std::uint64_t Registers::next() const
{
    return values_.rip;
}

void Registers::set_next(std::uint64_t address)
{
    values_.rip = address;
    values_.orig_rax = ~0ULL; // in no call: nothing is to be restarted
}

std::uint64_t *Registers::place_of(Abi abi, unsigned index)
{
    auto *field = reinterpret_cast<std::uint64_t *>(&values_);
    const auto at = [&](std::size_t offset) { return field + offset / sizeof *field; };
    constexpr std::array native{offsetof(user_regs_struct, rdi), offsetof(user_regs_struct, rsi),
                                offsetof(user_regs_struct, rdx), offsetof(user_regs_struct, r10),
                                offsetof(user_regs_struct, r8),  offsetof(user_regs_struct, r9)};
    constexpr std::array narrow{offsetof(user_regs_struct, rbx), offsetof(user_regs_struct, rcx),
                                offsetof(user_regs_struct, rdx), offsetof(user_regs_struct, rsi),
                                offsetof(user_regs_struct, rdi), offsetof(user_regs_struct, rbp)};
    return at(is_narrow(abi) ? narrow.at(index) : native.at(index));
}

std::int64_t Registers::result(Abi abi) const
{
    return is_narrow(abi) ? static_cast<std::int32_t>(values_.rax) : static_cast<std::int64_t>(values_.rax);
}

void Registers::skip_call(std::int64_t result)
{
    values_.orig_rax = ~0ULL;
    values_.rax = static_cast<std::uint64_t>(result);
}

void Registers::prepare_call(Abi abi, int number, std::span<const std::uint64_t> arguments,
                             std::uint64_t next)
{
    for (unsigned i = 0; i < arguments.size(); ++i)
        set_argument(abi, i, arguments[i]);
    set_next(next);
    values_.rax = static_cast<std::uint64_t>(number);
}

std::span<const std::byte> call_and_stop(Abi abi)
{
    static constexpr std::array native{0x0f_b, 0x05_b, 0xcc_b}; // syscall; int3
    static constexpr std::array narrow{0xcd_b, 0x80_b, 0xcc_b}; // int 0x80; int3
    return is_narrow(abi) ? narrow : native;
}

#elif defined __aarch64__

Registers::Registers(pid_t thread) : thread_{thread}
{
    iovec place{&values_, sizeof values_};
    trace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &place);
}

void Registers::store() const
{
    iovec place{const_cast<user_regs_struct *>(&values_), sizeof values_};
    trace(PTRACE_SETREGSET, thread_, NT_PRSTATUS, &place);
    if (!skips_)
        return;
    int none = -1;
    iovec number{&none, sizeof none};
    trace(PTRACE_SETREGSET, thread_, NT_ARM_SYSTEM_CALL, &number);
}

std::uint64_t Registers::stack() const
{
    return values_.sp;
}

void Registers::set_stack(std::uint64_t address)
{
    values_.sp = address;
}

std::uint64_t Registers::next() const
{
    return values_.pc;
}

void Registers::set_next(std::uint64_t address)
{
    values_.pc = address;
}

std::uint64_t *Registers::place_of(Abi, unsigned index)
{
    return reinterpret_cast<std::uint64_t *>(&values_.regs[index]);
}

std::int64_t Registers::result(Abi) const
{
    return static_cast<std::int64_t>(values_.regs[0]);
}

void Registers::skip_call(std::int64_t result)
{
    values_.regs[0] = static_cast<std::uint64_t>(result);
    skips_ = true;
}

void Registers::prepare_call(Abi abi, int number, std::span<const std::uint64_t> arguments,
                             std::uint64_t next)
{
    for (unsigned i = 0; i < arguments.size(); ++i)
        set_argument(abi, i, arguments[i]);
    set_next(next);
    values_.regs[8] = static_cast<std::uint64_t>(number);
}

std::span<const std::byte> call_and_stop(Abi)
{
    // svc #0; brk #0
    static constexpr std::array code{0x01_b, 0x00_b, 0x00_b, 0xd4_b, 0x00_b, 0x00_b, 0x20_b, 0xd4_b};
    return code;
}

#endif

void Registers::set_argument(Abi abi, unsigned index, std::uint64_t value)
{
    *place_of(abi, index) = value;
}

std::uint64_t Registers::argument(Abi abi, unsigned index) const
{
    return *const_cast<Registers *>(this)->place_of(abi, index);
}

} // namespace mica::sandbox
