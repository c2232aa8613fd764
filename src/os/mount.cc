#include "os/mount.hh"

#include "os/check.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mica::os {

void mount(const char *source, const std::string &target, const char *type, unsigned long flags,
           const std::string &options)
{
    check(::mount(source, target.c_str(), type, flags, options.empty() ? nullptr : options.c_str()),
          [&] { return fmt::format("mount {} on {}", type, target); });
}

void stop_propagation()
{
    // Slave and not private: what the host unmounts goes here as well, so that a
    // running build does not keep the host's disks busy.
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr), "mount / as a slave");
}

Fd make_mount(const char *type, MountOptions options, unsigned attributes)
{
    const auto failed = [&] { return fmt::format("make a mount of type {}", type); };
    const Fd context{static_cast<int>(check(::syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), failed))};
    const auto configure = [&](fsconfig_command command, const char *key, const char *value) {
        check(::syscall(SYS_fsconfig, context.get(), command, key, value, 0), failed);
    };
    for (const auto &[key, value] : options)
        configure(value.empty() ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key,
                  value.empty() ? nullptr : value.c_str());
    configure(FSCONFIG_CMD_CREATE, nullptr, nullptr);
    return Fd{
        static_cast<int>(check(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, attributes), failed))};
}

Fd clone_mount(int fd, bool recursive)
{
    const unsigned flags =
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U);
    return Fd{static_cast<int>(check(::syscall(SYS_open_tree, fd, "", flags), "open_tree"))};
}

void attach_mount(int mount_fd, const std::string &target)
{
    constexpr unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS;
    check(::syscall(SYS_move_mount, mount_fd, "", AT_FDCWD, target.c_str(), flags),
          [&] { return fmt::format("mount on {}", target); });
}

void restrict_mount(int mount_fd, unsigned long long attributes, bool recursive)
{
    mount_attr wanted{};
    wanted.attr_set = attributes;
    const unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U);
    check(::syscall(SYS_mount_setattr, mount_fd, "", flags, &wanted, sizeof wanted), "mount_setattr");
}

bool unmount(const std::string &target, int flags) noexcept
{
    return ::umount2(target.c_str(), flags | UMOUNT_NOFOLLOW) == 0;
}

void pivot_root_to(int root)
{
    check(::fchdir(root), "chdir to the new root");
    // pivot_root(".", ".") stacks the old root on the new one, at the same place; the
    // unmount then takes the upper one of the two away. No directory for the old root is needed.
    check(::syscall(SYS_pivot_root, ".", "."), "pivot_root");
    check(::umount2(".", MNT_DETACH), "unmount of the old root");
    check(::chdir("/"), "chdir /");
}

} // namespace mica::os
