#include "os/capabilities.hh"

#include "os/check.hh"
#include <array>
#include <cerrno>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mica::os {
namespace {

/// Two 32-bit halves: what capset(2) calls version 3.
struct CapabilityData {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> halves{};
};

CapabilityData read()
{
    CapabilityData data;
    check(::syscall(SYS_capget, &data.header, data.halves.data()), "capget");
    return data;
}

} // namespace

void limit_bounding_set(CapabilitySet keep)
{
    for (int capability = 0; capability < 64; ++capability) {
        const int held = ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (held < 0)
            break; // EINVAL: past the last one that the kernel knows
        if (held == 1 && ((keep >> capability) & 1U) == 0)
            check(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "prctl PR_CAPBSET_DROP");
    }
}

void set_capabilities(CapabilitySet keep)
{
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); // EINVAL on a kernel without them
    const CapabilitySet wanted = permitted_capabilities() & keep;
    CapabilityData data;
    for (std::size_t half = 0; half < data.halves.size(); ++half) {
        const auto bits = static_cast<std::uint32_t>(wanted >> (32 * half));
        data.halves[half].effective = bits;
        data.halves[half].permitted = bits;
    }
    check(::syscall(SYS_capset, &data.header, data.halves.data()), "capset");
}

CapabilitySet permitted_capabilities()
{
    const auto data = read();
    return data.halves[0].permitted | (CapabilitySet{data.halves[1].permitted} << 32);
}

} // namespace mica::os
