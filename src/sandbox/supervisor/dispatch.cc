#include "sandbox/supervisor/dispatch.hh"

#include "sandbox/bpf_assembler.hh"
#include <linux/seccomp.h>

namespace mica::sandbox {

void Dispatch::on(std::string_view name, const Handler &handler, std::optional<When> when)
{
    add(name, {SECCOMP_RET_USER_NOTIF, when, handler});
}

void Dispatch::on(Abi abi, std::string_view name, const Handler &handler, std::optional<When> when)
{
    add(abi, name, {SECCOMP_RET_USER_NOTIF, when, handler});
}

void Dispatch::answer(std::string_view name, int error_number, std::optional<When> when)
{
    add(name, {error_verdict(error_number), when, {}});
}

void Dispatch::trace(std::string_view name, std::optional<When> when)
{
    add(name, {SECCOMP_RET_TRACE, when, {}});
}

void Dispatch::add(std::string_view name, const Rule &rule)
{
    for (const Abi abi : machine_abis())
        add(abi, name, rule);
}

void Dispatch::add(Abi abi, std::string_view name, Rule rule)
{
    if (const auto number = call_number(abi, name))
        rules_[{abi, *number}].push_back(std::move(rule));
}

void Dispatch::judge(BpfAssembler &code, const std::vector<Rule> &rules)
{
    for (const Rule &rule : rules) {
        if (!rule.when)
            return code.verdict(rule.verdict);
        code.load(argument_offset(rule.when->argument));
        if (rule.when->equal)
            code.if_equal(rule.when->bits, rule.verdict);
        else
            code.if_any_bit(rule.when->bits, rule.verdict);
    }
    code.verdict(SECCOMP_RET_ALLOW);
}

std::vector<sock_filter> Dispatch::filter() const
{
    BpfAssembler code;
    code.load(offsetof(seccomp_data, arch));
    for (const Abi abi : machine_abis()) {
        code.when_equal(static_cast<std::uint32_t>(abi), [&] {
            code.load(offsetof(seccomp_data, nr));
            for (const auto &[key, rules] : rules_) {
                if (key.first != abi)
                    continue;
                const auto number = static_cast<std::uint32_t>(key.second);
                if (!rules.front().when)
                    code.if_equal(number, rules.front().verdict);
                else
                    code.when_equal(number, [&, &rules = rules] { judge(code, rules); });
            }
            code.verdict(SECCOMP_RET_ALLOW);
        });
    }
    code.verdict(error_verdict(ENOSYS));
    return code.take();
}

Reply Dispatch::reply(SystemCall &call) const
{
    const auto found = rules_.find({call.abi(), call.number()});
    if (found == rules_.end())
        return Reply::go_on();
    for (const Rule &rule : found->second) {
        if (!rule.handler || (rule.when && !rule.when->holds(call.word(rule.when->argument))))
            continue;
        auto reply = rule.handler(call);
        if (reply.kind() != Reply::Kind::pass)
            return reply;
    }
    return Reply::go_on();
}

} // namespace mica::sandbox
