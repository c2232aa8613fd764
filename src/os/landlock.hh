#pragma once
/// @file
/// Landlock: a process shuts itself off from what is outside, for good and with its descendants.

namespace mica::os {

/// Linux 6.12.
struct Scope {
    bool abstract_sockets = false; ///< no connection to abstract Unix sockets of outside
    bool signals = false;          ///< no signal to a process outside
};

/// For this thread and its descendants. `files_follow`: confine_files() will be called later. False where the
/// kernel cannot. Needs CAP_SYS_ADMIN in the user namespace, or no_new_privs.
[[nodiscard]] bool confine(const Scope &scope, bool files_follow = false);

/// Linux 5.13. Every right to files that the running kernel can take away is kept below this open
/// directory alone: nothing else can be opened, made, removed or executed, not even by a root that
/// leaves a chroot. Names and attributes outside can still be asked for. No process outside can be
/// traced, and nothing mounted. False where the kernel cannot; needs what confine() needs.
[[nodiscard]] bool confine_files(int directory);

/// Whether confine_files() would work.
[[nodiscard]] bool can_confine_files();

} // namespace mica::os
