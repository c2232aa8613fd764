#pragma once
/// @file
/// Mounts of the calling process' mount namespace.
#include "io/fd.hh"
#include <span>
#include <string>
#include <utility>

namespace mica::os {

/// mount(2); `what` of the Error names type and target.
void mount(const char *source, const std::string &target, const char *type, unsigned long flags,
           const std::string &options = {});
/// From here on no mount made in this namespace reaches another one.
void stop_propagation();
/// A new file system, not yet attached anywhere. An option with an empty value is a flag.
/// `attributes`: MOUNT_ATTR_…. Throws Error that names the type.
using MountOptions = std::span<const std::pair<const char *, std::string>>;
[[nodiscard]] Fd make_mount(const char *type, MountOptions options, unsigned attributes);
/// A copy of the mount (tree) at an open file (O_PATH will do), not yet attached anywhere.
[[nodiscard]] Fd clone_mount(int fd, bool recursive);
/// Puts a copy from clone_mount() on `target` (a path; links are followed).
void attach_mount(int mount_fd, const std::string &target);
/// Adds read-only (MS_RDONLY) and other MOUNT_ATTR_… flags to a detached or attached mount.
void restrict_mount(int mount_fd, unsigned long long attributes, bool recursive);
/// False if the call failed (errno is set).
[[nodiscard]] bool unmount(const std::string &target, int flags = 0) noexcept;
/// `root` (an open mount point) becomes "/" and the old root is gone.
void pivot_root_to(int root);

} // namespace mica::os
