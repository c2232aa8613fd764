#pragma once
/// @file
/// The system call filter of a command, with the effect of Docker's default profile.
#include <linux/filter.h>
#include <vector>

namespace mica::sandbox {

/// The program for this machine's architecture and its 32-bit one. A refused call gives
/// EPERM; one that is newer than what was reviewed here gives ENOSYS, as on an older
/// kernel, so that libraries fall back. Calls that wait for a disk succeed at once.
[[nodiscard]] std::vector<sock_filter> container_filter();

/// Puts it on this process and its descendants. Needs CAP_SYS_ADMIN in the user
/// namespace, or no_new_privs. Throws Error.
void install_syscall_filter();

} // namespace mica::sandbox
