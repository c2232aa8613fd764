#pragma once
/// @file
/// Landlock scopes (Linux 6.12): a process shut off from those outside.

namespace mica::os {

struct Scope {
    bool abstract_sockets = false; ///< no connection to abstract Unix sockets of outside
    bool signals = false;          ///< no signal to a process outside
};

/// For this thread and its descendants, for good. False where the kernel cannot. Needs
/// CAP_SYS_ADMIN in the user namespace, or no_new_privs.
[[nodiscard]] bool confine(const Scope &scope);

} // namespace mica::os
