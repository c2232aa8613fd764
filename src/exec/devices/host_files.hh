#pragma once
/// @file
/// Inside devices/ only: what a description of a device names on this machine, as mounts.
#include "exec/devices/cdi_spec.hh"
#include "sandbox/sandbox.hh"

namespace mica::exec {

/// Throws Error: not_found if there is no such file; unsupported if the description wants another type,
/// number, owner or mode than the machine's own file has, or less than reading and writing.
[[nodiscard]] sandbox::Mount device_file(const cdi::DeviceNode &node);

/// Throws Error: not_found if there is no such file or directory; unsupported for an option that is not known
/// here.
[[nodiscard]] sandbox::Mount host_mount(const cdi::HostMount &mount);

} // namespace mica::exec
