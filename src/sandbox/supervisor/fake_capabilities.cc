#include "sandbox/supervisor/fake_capabilities.hh"

#include "os/capabilities.hh"
#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <cstdint>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <span>

namespace mica::sandbox {
namespace {

using Halves = std::array<__user_cap_data_struct, 2>;

/// How many of them the call means. Throws CallFailed (EINVAL), and says which version is known.
std::size_t count_of_halves(const SystemCall &call)
{
    switch (call.load<std::uint32_t>(call.argument(0))) {
    case _LINUX_CAPABILITY_VERSION_1:
        return 1;
    case _LINUX_CAPABILITY_VERSION_2:
    case _LINUX_CAPABILITY_VERSION_3:
        return 2;
    default:
        call.store(call.argument(0), std::uint32_t{_LINUX_CAPABILITY_VERSION_3});
        throw CallFailed{EINVAL};
    }
}

os::CapabilitySet held_by(const Credentials &who)
{
    return who.is_root() ? os::docker_default_capabilities : 0;
}

Reply get(const SystemCall &call, ProcessTable &processes)
{
    const auto count = count_of_halves(call);
    const auto pid = call.load<std::int32_t>(call.argument(0) + sizeof(std::uint32_t));
    const auto held = held_by(processes.of(pid != 0 ? pid : call.thread()));
    Halves halves{};
    for (std::size_t i = 0; i < halves.size(); ++i)
        halves.at(i).effective = halves.at(i).permitted = static_cast<std::uint32_t>(held >> (32 * i));
    if (call.argument(1) != 0)
        call.write(call.argument(1), std::as_bytes(std::span{halves}.first(count)));
    return Reply::value();
}

Reply set(const SystemCall &call, ProcessTable &processes)
{
    const auto count = count_of_halves(call);
    const auto held = held_by(processes.of(call.thread()));
    Halves halves{};
    call.read(call.argument(1), std::as_writable_bytes(std::span{halves}.first(count)));
    for (std::size_t i = 0; i < count; ++i) {
        const auto allowed = static_cast<std::uint32_t>(held >> (32 * i));
        if (((halves.at(i).effective | halves.at(i).permitted) & ~allowed) != 0)
            return Reply::error(EPERM);
    }
    return Reply::value();
}

} // namespace

void fake_capabilities(Dispatch &dispatch, ProcessTable &processes)
{
    dispatch.on("capget", [&processes](SystemCall &call) { return get(call, processes); });
    dispatch.on("capset", [&processes](SystemCall &call) { return set(call, processes); });
    dispatch.on(
        "prctl",
        [](SystemCall &call) {
            constexpr std::uint64_t bits = 64;
            const auto number = call.argument(1);
            return number < bits && os::docker_default_capabilities >> number != 0
                       ? Reply::value(
                             static_cast<std::int64_t>(os::docker_default_capabilities >> number & 1U))
                       : Reply::error(EINVAL);
        },
        When{0, PR_CAPBSET_READ, true});
}

} // namespace mica::sandbox
