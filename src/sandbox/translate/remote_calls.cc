#include "sandbox/translate/remote_calls.hh"

#include "sandbox/supervisor/reply.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace mica::sandbox {
namespace {

constexpr std::uint64_t word = 8;

std::uint64_t peek(pid_t thread, std::uint64_t address)
{
    errno = 0;
    const long value = ::ptrace(PTRACE_PEEKDATA, thread, address, nullptr);
    if (errno != 0)
        throw CallFailed{errno};
    return static_cast<std::uint64_t>(value);
}

/// Writes where the thread itself could not: its code. The page becomes the process' own.
void poke(pid_t thread, std::uint64_t address, std::uint64_t value)
{
    if (::ptrace(PTRACE_POKEDATA, thread, address, value) != 0)
        throw CallFailed{errno};
}

void go_on(pid_t thread)
{
    if (::ptrace(PTRACE_CONT, thread, 0, 0) != 0)
        throw CallFailed{errno};
}

} // namespace

void RemoteCalls::plant()
{
    // Aligned, it cannot reach into a page that is not there.
    code_ = start_.next() & ~(word - 1);
    covered_ = peek(thread_, code_);
    const auto instructions = call_and_stop(abi_);
    std::uint64_t value = covered_;
    std::memcpy(&value, instructions.data(), instructions.size());
    poke(thread_, code_, value);
}

void RemoteCalls::wait_for_stop()
{
    const auto after = code_ + call_and_stop(abi_).size();
    while (true) {
        int status = 0;
        if (::waitpid(thread_, &status, __WALL) < 0) {
            if (errno == EINTR)
                continue;
            throw CallFailed{errno};
        }
        if (!WIFSTOPPED(status))
            throw ThreadEnded{status};
        const int signal = WSTOPSIG(status);
        const bool is_event = (status >> 16) != 0;
        // The breakpoint; on some machines the address is its own, on others the next one.
        if (signal == SIGTRAP && !is_event && Registers{thread_}.next() + 4 >= after &&
            Registers{thread_}.next() <= after)
            return;
        if (!is_event)
            signals_.push_back(signal);
        go_on(thread_);
    }
}

std::uint64_t RemoteCalls::call(std::string_view name, std::initializer_list<std::uint64_t> arguments)
{
    if (code_ == 0)
        plant();
    const auto number = call_number(abi_, name);
    if (!number)
        throw CallFailed{ENOSYS};
    auto registers = start_;
    registers.prepare_call(abi_, *number, std::span{arguments.begin(), arguments.size()}, code_);
    registers.store();
    go_on(thread_);
    wait_for_stop();
    const auto result = Registers{thread_}.result(abi_);
    constexpr std::int64_t least_error = -4095;
    if (result < 0 && result >= least_error)
        throw CallFailed{static_cast<int>(-result)};
    return is_narrow(abi_) ? static_cast<std::uint32_t>(result) : static_cast<std::uint64_t>(result);
}

std::vector<int> RemoteCalls::finish(std::uint64_t stack)
{
    if (code_ != 0)
        poke(thread_, code_, covered_);
    auto registers = start_;
    registers.set_stack(stack);
    registers.set_next(start_.next());
    registers.store();
    return std::move(signals_);
}

} // namespace mica::sandbox
