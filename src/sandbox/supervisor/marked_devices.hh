#pragma once
/// @file
/// mknod(2) of devices in a user namespace that has all ids: everything else there is the kernel's matter.
#include "sandbox/supervisor/dispatch.hh"
#include "sandbox/supervisor/paths.hh"

namespace mica::sandbox {

/// Makes an empty file that is marked (device_mark.hh). The supervisor must have the command's namespaces and
/// the umask 0. The paths must outlive the dispatch.
void mark_devices(Dispatch &dispatch, const Paths &paths);

} // namespace mica::sandbox
