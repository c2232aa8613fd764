#pragma once
/// @file
/// Which system calls a supervisor is told about, and who answers them.
#include "sandbox/supervisor/abi.hh"
#include "sandbox/supervisor/reply.hh"
#include "sandbox/supervisor/system_call.hh"
#include <cstdint>
#include <functional>
#include <linux/filter.h>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::sandbox {

class BpfAssembler;

/// Called from any of the supervisor's threads, several at a time. May throw CallFailed; any
/// other exception ends the command with that failure.
using Handler = std::function<Reply(SystemCall &)>;

/// Tells of calls only if one of these bits of the argument's low half is set, or (with `equal`)
/// only if the low half is exactly that. Decided by the kernel, at no cost for other calls.
struct When {
    unsigned argument = 0;
    std::uint32_t bits = 0;
    bool equal = false;
    [[nodiscard]] bool holds(std::uint32_t value) const
    {
        return equal ? value == bits : (value & bits) != 0;
    }
};

/// Filled before the command starts, and constant from then on.
class Dispatch {
public:
    /// For every ABI of the machine that has a call of this name. Handlers of one call are asked in
    /// the order of their registration until one does not pass.
    void on(std::string_view name, const Handler &handler, std::optional<When> when = std::nullopt);
    /// For one ABI: calls whose arguments differ (the 16-bit ids of i386's chown).
    void on(Abi abi, std::string_view name, const Handler &handler, std::optional<When> when = std::nullopt);
    /// Fails without asking anybody (error_number 0: succeeds, doing nothing). For every ABI.
    void answer(std::string_view name, int error_number, std::optional<When> when = std::nullopt);
    /// Stops for a tracer (PTRACE_EVENT_SECCOMP) instead. For every ABI.
    void trace(std::string_view name, std::optional<When> when = std::nullopt);

    /// The filter that asks for all this and allows everything else.
    [[nodiscard]] std::vector<sock_filter> filter() const;
    /// Asks the handlers. Throws what they throw.
    [[nodiscard]] Reply reply(SystemCall &call) const;

private:
    struct Rule {
        std::uint32_t verdict;
        std::optional<When> when;
        Handler handler; ///< if the verdict is to notify
    };
    using Key = std::pair<Abi, int>;
    void add(Abi abi, std::string_view name, Rule rule);
    void add(std::string_view name, const Rule &rule);
    static void judge(BpfAssembler &code, const std::vector<Rule> &rules);

    std::map<Key, std::vector<Rule>> rules_;
};

} // namespace mica::sandbox
