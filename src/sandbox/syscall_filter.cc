#include "sandbox/syscall_filter.hh"

#include "os/check.hh"
#include "sandbox/bpf_assembler.hh"
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <string>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Docker documents its profile as a list of some 360 calls that are allowed. What matters is the
// rest: about 70 calls that reach the kernel's administration, that are known ways out of a
// container, or that nothing has used for decades. Here those are listed, with a bound on the
// call's number that refuses whatever the kernel has learned since. The effect is the same, the
// reasons can be read, and the kernel can cache the verdict "always allowed" for each call whose
// arguments are not looked at, so that the filter costs nothing in the long run.

namespace mica::sandbox {
namespace {

constexpr const char *refused[] = {
    // The kernel itself: modules, boot, swap, accounting, its log, its clocks.
    "create_module", "delete_module", "finit_module", "get_kernel_syms", "init_module", "query_module",
    "kexec_file_load", "kexec_load", "reboot", "swapoff", "swapon", "acct", "syslog", "clock_settime",
    "clock_settime64", "settimeofday", "stime", "_sysctl", "nfsservctl", "quotactl", "quotactl_fd",
    // Hardware.
    "ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write", "vm86", "vm86old", "vhangup",
    // Mounts and namespaces; the container's own name.
    "mount", "umount", "umount2", "pivot_root", "fsconfig", "fsmount", "fsopen", "fspick", "mount_setattr",
    "move_mount", "open_tree", "setns", "unshare", "setdomainname", "sethostname",
    // Files by number instead of path: out of the root file system.
    "open_by_handle_at", "fanotify_init", "lookup_dcookie",
    // Keys are not divided by namespaces.
    "add_key", "keyctl", "request_key",
    // Large attack surface, or tools to exploit it.
    "bpf", "io_uring_enter", "io_uring_register", "io_uring_setup", "perf_event_open", "userfaultfd",
    "uselib",
    // Other processes' insides.
    "kcmp", "pidfd_getfd", "process_madvise",
    // The machine's memory nodes.
    "get_mempolicy", "mbind", "migrate_pages", "move_pages", "set_mempolicy", "set_mempolicy_home_node",
    // Never implemented, or gone.
    "afs_syscall", "bdflush", "break", "ftime", "getpmsg", "gtty", "idle", "lock", "mpx", "prof", "profil",
    "putpmsg", "security", "stty", "sysfs", "tuxcall", "ulimit", "ustat", "vserver"};

/// What a command writes is read as soon as it ends, and kept or dropped then; whether it would survive a
/// loss of power meanwhile is of no account, and waiting for disks is most of what package managers do. So
/// these succeed at once, as they do on a volatile overlay.
constexpr const char *unneeded[] = {"fdatasync",        "fsync", "sync", "sync_file_range",
                                    "sync_file_range2", "syncfs"};

/// Every architecture has the same numbers from 424 on. The last one that was looked at:
/// removexattrat.
constexpr std::uint32_t newest_reviewed = 466;
/// lsm_get_self_attr, lsm_set_self_attr, lsm_list_modules: newer than what libseccomp can name.
constexpr std::array<std::uint32_t, 3> refused_numbers{459, 460, 461};

constexpr std::uint32_t new_namespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

/// Calls the body with the number, if the architecture has such a call.
template <class Body> void with_number(std::uint32_t architecture, const char *name, Body &&body)
{
    const int number = ::seccomp_syscall_resolve_name_arch(architecture, name);
    if (number >= 0)
        body(static_cast<std::uint32_t>(number));
}

void judge_arguments(BpfAssembler &code, std::uint32_t architecture)
{
    // clone3's flags lie in memory, where a filter cannot read them. ENOSYS makes libc use clone.
    with_number(architecture, "clone3", [&](auto number) { code.if_equal(number, error_verdict(ENOSYS)); });
    with_number(architecture, "clone", [&](auto number) {
        code.when_equal(number, [&] {
            code.load(argument_offset(architecture == SCMP_ARCH_S390X ? 1 : 0));
            code.if_any_bit(new_namespaces, error_verdict(EPERM));
            code.verdict(SECCOMP_RET_ALLOW);
        });
    });
    with_number(architecture, "personality", [&](auto number) {
        code.when_equal(number, [&] {
            code.load(argument_offset(0));
            constexpr std::uint32_t linux32 = PER_LINUX32;
            constexpr std::uint32_t old_uname = UNAME26;
            constexpr std::uint32_t query = 0xffffffff;
            for (const std::uint32_t value :
                 {std::uint32_t{PER_LINUX}, linux32, old_uname, old_uname | linux32, query})
                code.if_equal(value, SECCOMP_RET_ALLOW);
            code.verdict(error_verdict(EPERM));
        });
    });
    // Sockets to the hypervisor, and the kernel's crypto interface.
    with_number(architecture, "socket", [&](auto number) {
        code.when_equal(number, [&] {
            code.load(argument_offset(0));
            code.if_equal(AF_VSOCK, error_verdict(EPERM));
            code.if_equal(AF_ALG, error_verdict(EPERM));
            code.verdict(SECCOMP_RET_ALLOW);
        });
    });
}

void judge_calls(BpfAssembler &code, std::uint32_t architecture)
{
    code.load(offsetof(seccomp_data, nr));
    // 32-bit ARM has calls of its own far above: cacheflush, set_tls.
    constexpr std::uint32_t arm_private = 0x0f0000;
    if (architecture == SCMP_ARCH_ARM)
        code.if_greater(arm_private, SECCOMP_RET_ALLOW);
    // Above it also lies all of x32, which kernels are built without.
    code.if_greater(newest_reviewed, error_verdict(ENOSYS));
    for (const char *name : refused)
        with_number(architecture, name, [&](auto number) { code.if_equal(number, error_verdict(EPERM)); });
    for (const auto number : refused_numbers)
        code.if_equal(number, error_verdict(EPERM));
    for (const char *name : unneeded)
        with_number(architecture, name, [&](auto number) { code.if_equal(number, error_verdict(0)); });
    judge_arguments(code, architecture);
    code.verdict(SECCOMP_RET_ALLOW);
}

} // namespace

std::vector<sock_filter> container_filter()
{
    // libseccomp's names for architectures are the kernel's AUDIT_ARCH_… numbers.
    const std::uint32_t native = ::seccomp_arch_native();
    BpfAssembler code;
    code.load(offsetof(seccomp_data, arch));
    code.when_equal(native, [&] { judge_calls(code, native); });
    if (native == SCMP_ARCH_X86_64)
        code.when_equal(SCMP_ARCH_X86, [&] { judge_calls(code, SCMP_ARCH_X86); });
    if (native == SCMP_ARCH_AARCH64)
        code.when_equal(SCMP_ARCH_ARM, [&] { judge_calls(code, SCMP_ARCH_ARM); });
    code.verdict(error_verdict(ENOSYS));
    return code.take();
}

void install_syscall_filter()
{
    auto program = container_filter();
    const sock_fprog described{static_cast<unsigned short>(program.size()), program.data()};
    os::check(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &described),
              "install the system call filter");
}

} // namespace mica::sandbox
