#include "sandbox/root_mounts.hh"

#include "os/check.hh"
#include "os/mount.hh"
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mica::sandbox {
namespace {

using Option = std::pair<const char *, std::string>;

constexpr unsigned no_suid_dev_exec = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

struct Node {
    const char *name;
    unsigned major, minor;
};
constexpr std::array<Node, 6> nodes{
    {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}}};

/// What tells about the host, or reaches it: Docker's lists.
constexpr std::array<const char *, 12> hidden{
    "/proc/acpi",       "/proc/asound",        "/proc/interrupts",  "/proc/kcore",
    "/proc/keys",       "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
    "/proc/timer_list", "/proc/timer_stats",   "/sys/firmware",     "/sys/devices/virtual/powercap"};
constexpr std::array<const char *, 5> read_only{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                                "/proc/sysrq-trigger"};

std::vector<Option> tmpfs_options(const char *mode, const char *size)
{
    return {{"mode", mode}, {"size", size}};
}

Fd clone_of(const char *path, bool recursive)
{
    return os::clone_mount(open_file(path, O_PATH).get(), recursive);
}

Fd make_proc(bool is_private)
{
    return is_private ? os::make_mount("proc", {}, no_suid_dev_exec) : clone_of("/proc", true);
}

/// A new sysfs needs a network namespace of our own; without, the host's is shown.
Fd make_sys()
{
    try {
        return os::make_mount("sysfs", {}, no_suid_dev_exec | MOUNT_ATTR_RDONLY);
    } catch (const Error &) {
        Fd sys = clone_of("/sys", true);
        os::restrict_mount(sys.get(), MOUNT_ATTR_RDONLY, true);
        return sys;
    }
}

Fd make_pts()
{
    const std::vector<Option> with_group{
        {"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}};
    try {
        return os::make_mount("devpts", with_group, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    } catch (const Error &) {
        // The namespace may have no group 5.
        return os::make_mount("devpts", std::span{with_group}.first(3),
                              MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    }
}

std::optional<Fd> make_if_allowed(const char *type, unsigned attributes)
{
    try {
        return os::make_mount(type, {}, attributes);
    } catch (const Error &) {
        return std::nullopt;
    }
}

/// Programs size their heaps and thread pools by their cgroup's limits.
std::optional<Fd> make_cgroup()
{
    struct statfs status{};
    if (::statfs("/sys/fs/cgroup", &status) != 0 || status.f_type != CGROUP2_SUPER_MAGIC)
        return std::nullopt;
    return make_if_allowed("cgroup2", no_suid_dev_exec | MOUNT_ATTR_RDONLY);
}

void make_node(const Node &node)
{
    const std::string path = fmt::format("/dev/{}", node.name);
    os::check(::mknod(path.c_str(), S_IFCHR | 0666, ::makedev(node.major, node.minor)), path);
}

void make_link(const char *text, const char *path)
{
    os::check(::symlink(text, path), path);
}

void hide(const char *path)
{
    struct stat status{};
    if (::lstat(path, &status) != 0)
        return;
    if (S_ISDIR(status.st_mode)) {
        const Fd empty =
            os::make_mount("tmpfs", tmpfs_options("0555", "4k"), no_suid_dev_exec | MOUNT_ATTR_RDONLY);
        os::attach_mount(empty.get(), path);
    } else {
        os::attach_mount(clone_of("/dev/null", false).get(), path);
    }
}

void make_read_only(const char *path)
{
    struct stat status{};
    if (::lstat(path, &status) != 0)
        return;
    const Fd copy = clone_of(path, true);
    os::restrict_mount(copy.get(), MOUNT_ATTR_RDONLY, true);
    os::attach_mount(copy.get(), path);
}

} // namespace

RootMounts::RootMounts(const InitPlan &plan)
    : plan_{plan}, proc_{make_proc(plan.private_proc)}, sys_{make_sys()},
      dev_{os::make_mount("tmpfs", tmpfs_options("0755", "64m"), MOUNT_ATTR_NOSUID)}, pts_{make_pts()},
      shm_{os::make_mount("tmpfs", tmpfs_options("1777", "64m"), no_suid_dev_exec)},
      mqueue_{make_if_allowed("mqueue", no_suid_dev_exec)}, cgroup_{make_cgroup()}
{
}

void RootMounts::attach()
{
    os::attach_mount(proc_.get(), "/proc");
    os::attach_mount(sys_.get(), "/sys");
    if (cgroup_ && ::access("/sys/fs/cgroup", F_OK) == 0)
        os::attach_mount(cgroup_->get(), "/sys/fs/cgroup");
    os::attach_mount(dev_.get(), "/dev");
    attach_devices();
    if (!plan_.request.insecure)
        hide_paths();
}

void RootMounts::attach_devices()
{
    for (const char *directory : {"/dev/pts", "/dev/shm", "/dev/mqueue"})
        os::check(::mkdir(directory, 0755), directory);
    os::attach_mount(pts_.get(), "/dev/pts");
    os::attach_mount(shm_.get(), "/dev/shm");
    if (mqueue_)
        os::attach_mount(mqueue_->get(), "/dev/mqueue");
    if (plan_.devices.empty())
        for (const Node &node : nodes)
            make_node(node);
    for (const auto &device : plan_.devices) {
        const Fd place = open_file(device.target, O_WRONLY | O_CREAT | O_EXCL, 0644);
        os::attach_mount(device.mount.get(), device.target);
    }
    make_link("/proc/self/fd", "/dev/fd");
    make_link("/proc/self/fd/0", "/dev/stdin");
    make_link("/proc/self/fd/1", "/dev/stdout");
    make_link("/proc/self/fd/2", "/dev/stderr");
    make_link("pts/ptmx", "/dev/ptmx");
}

void RootMounts::hide_paths()
{
    for (const char *path : read_only)
        make_read_only(path);
    for (const char *path : hidden)
        hide(path);
}

} // namespace mica::sandbox
