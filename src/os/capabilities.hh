#pragma once
/// @file
/// Linux capabilities of the calling thread, as bit sets.
#include <cstdint>

namespace mica::os {

using CapabilitySet = std::uint64_t;

/// What Docker leaves to a container's root: chown, dac_override, fowner, fsetid, kill,
/// setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap.
inline constexpr CapabilitySet docker_default_capabilities = 0xa80425fb;

/// Nothing executed from here on can have a capability outside `keep`.
void limit_bounding_set(CapabilitySet keep);
/// Permitted and effective become `keep` (and what the thread has); inheritable and ambient none.
void set_capabilities(CapabilitySet keep);
[[nodiscard]] CapabilitySet permitted_capabilities();

} // namespace mica::os
