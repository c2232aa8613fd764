#!/usr/bin/env python3
"""Writes an OCI bundle whose container is like what people get from CI systems.

usage: container.py KIND BUNDLE ROOTFS [--read-only] [--network] [--bind SOURCE:TARGET[:ro]]...
                    [--env NAME=VALUE]... -- WORD...

KIND is one of:
  docker      Docker's default: root, 14 capabilities, Docker's system call filter
  podman      podman's and buildah's default: root, 11 capabilities, containers-common's filter
  kubernetes  a pod without a security context: root, Docker's capabilities, no filter
  restricted  a pod under the "restricted" standard: a random user of group 0, no capability,
              no new privileges, Docker's filter
  unfiltered  "restricted" without the filter
  rootless    a user with subordinate ids and newuidmap(1), nothing in the way
  privileged  everything

The network is the host's, so that tests reach their registry. Docker's filter is derived from
containers-common's, its descendant, by the differences that Docker's documentation states.
"""
import argparse
import json
import os

CONTAINERS_COMMON = "/usr/share/containers/seccomp.json"

PODMAN = """CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID
            SYS_CHROOT""".split()
DOCKER = PODMAN + ["AUDIT_WRITE", "MKNOD", "NET_RAW"]
# In the order of their numbers.
ALL = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
         NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO
         SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME
         SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
         WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE""".split()

MASKED = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
          "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

# Docker asks for CAP_SYS_ADMIN here, containers-common does not.
DOCKER_NEEDS_ADMIN = {"fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount",
                      "open_tree", "setns", "syslog", "umount", "umount2", "unshare"}
# Docker refuses these, or asks for capabilities that no container here has without having all.
DOCKER_REFUSES = {"keyctl", "get_mempolicy", "mbind", "pidfd_getfd", "pivot_root", "reboot", "set_mempolicy"}
# In Docker's list, and newer than the file of Debian 12.
DOCKER_ADDS = ["cachestat", "fchmodat2", "futex_requeue", "futex_wait", "futex_waitv", "futex_wake",
               "io_pgetevents", "listmount", "map_shadow_stack", "mseal", "ptrace", "process_vm_readv",
               "process_vm_writev", "statmount"]
NEW_NAMESPACES = 0x7E020000
AF_VSOCK = 40


class Kind:
    def __init__(self, uid, capabilities, filter_name=None, no_new_privileges=False, masked=True, gid=0):
        self.uid, self.gid = uid, gid
        self.capabilities, self.filter_name = capabilities, filter_name
        self.no_new_privileges, self.masked = no_new_privileges, masked


KINDS = {
    "docker": Kind(0, DOCKER, "docker"),
    "podman": Kind(0, PODMAN, "containers-common"),
    "kubernetes": Kind(0, DOCKER),
    "restricted": Kind(12345, [], "docker", no_new_privileges=True),
    "unfiltered": Kind(12345, [], no_new_privileges=True),
    "rootless": Kind(23456, ALL, masked=False, gid=23456),
    "privileged": Kind(0, ALL, masked=False),
}


def available(capabilities):
    """Nobody can give what root itself does not have here (in a VM, say, without SYS_RESOURCE)."""
    with open("/proc/self/status", encoding="ascii") as status:
        bounding = next(int(line.split()[1], 16) for line in status if line.startswith("CapBnd:"))
    return [name for name in capabilities if bounding >> ALL.index(name) & 1]


def applies(rule, capabilities):
    """Whether a rule of a profile holds for a container of this machine with these capabilities."""
    held = {"CAP_" + name for name in capabilities}
    machine = {"x86_64": {"amd64", "x32"}, "aarch64": {"arm64", "arm"}}.get(os.uname().machine, set())
    includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
    if not set(includes.get("caps") or []) <= held or set(excludes.get("caps") or []) & held:
        return False
    if includes.get("arches") and not set(includes["arches"]) & machine:
        return False
    return not set(excludes.get("arches") or []) & machine


def as_runtime_rule(rule):
    """A rule of a profile as the runtime wants it."""
    made = {"names": rule["names"], "action": rule["action"]}
    if rule.get("errnoRet") is not None:
        made["errnoRet"] = rule["errnoRet"]
    if rule.get("args"):
        made["args"] = [{key: arg[key] for key in ("index", "value", "valueTwo", "op") if key in arg}
                        for arg in rule["args"]]
    return made


def architectures():
    return {"x86_64": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            "aarch64": ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]}[os.uname().machine]


def containers_common(capabilities):
    with open(CONTAINERS_COMMON, encoding="utf-8") as file:
        profile = json.load(file)
    rules = [as_runtime_rule(rule) for rule in profile["syscalls"] if applies(rule, capabilities)]
    return {"defaultAction": profile["defaultAction"], "defaultErrnoRet": profile.get("defaultErrnoRet", 1),
            "architectures": architectures(), "syscalls": rules}


def docker(capabilities):
    common = containers_common(capabilities)
    admin = "SYS_ADMIN" in capabilities
    gone = DOCKER_REFUSES | {"clone", "clone3", "socket"} | (set() if admin else DOCKER_NEEDS_ADMIN)
    rules = []
    for rule in common["syscalls"]:
        names = [name for name in rule["names"] if name not in gone]
        if names and rule["action"] == "SCMP_ACT_ALLOW":
            rules.append({**rule, "names": names})
    allow = {"action": "SCMP_ACT_ALLOW"}
    rules.append({"names": DOCKER_ADDS, **allow})
    if admin:
        rules.append({"names": ["clone", "clone3"], **allow})
    else:
        rules.append({"names": ["clone"], **allow, "args": [
            {"index": 0, "value": NEW_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]})
        rules.append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38})
    for comparison in ("SCMP_CMP_LT", "SCMP_CMP_GT"):
        rules.append({"names": ["socket"], **allow, "args": [
            {"index": 0, "value": AF_VSOCK, "op": comparison}]})
    # Docker answers EPERM to whatever it does not list.
    return {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "architectures": architectures(),
            "syscalls": rules}


FILTERS = {"docker": docker, "containers-common": containers_common}


def devices(kind):
    if not kind.masked:
        return [{"allow": True, "access": "rwm"}]
    allowed = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, None)]
    rules = [{"allow": False, "access": "rwm"},
             {"allow": True, "type": "c", "access": "m"}, {"allow": True, "type": "b", "access": "m"}]
    for major, minor in allowed:
        rule = {"allow": True, "type": "c", "major": major, "access": "rwm"}
        rules.append(rule if minor is None else {**rule, "minor": minor})
    return rules


def mounts(kind, binds):
    sys_options = ["nosuid", "noexec", "nodev"] + (["ro"] if kind.masked else [])
    made = [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
         "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
        {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
         "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
        {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
         "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
        {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
         "options": ["nosuid", "noexec", "nodev"]},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": sys_options},
    ]
    for bind in binds:
        source, target, *options = bind.split(":")
        made.append({"destination": target, "type": "bind", "source": source,
                     "options": ["rbind", *(options or ["rw"])]})
    return made


def config(kind, arguments):
    capabilities = ["CAP_" + name for name in available(kind.capabilities)]
    held = capabilities if kind.uid == 0 else []
    linux = {"namespaces": [{"type": name} for name in ("pid", "ipc", "uts", "mount")],
             "resources": {"devices": devices(kind)}}
    if kind.masked:
        linux |= {"maskedPaths": MASKED, "readonlyPaths": READ_ONLY}
    if kind.filter_name:
        linux["seccomp"] = FILTERS[kind.filter_name](kind.capabilities)
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": kind.uid, "gid": kind.gid}, "args": arguments.words, "cwd": "/",
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *arguments.env],
            "capabilities": {"bounding": capabilities, "effective": held, "permitted": held, "inheritable": []},
            "noNewPrivileges": kind.no_new_privileges,
        },
        "root": {"path": os.path.abspath(arguments.rootfs), "readonly": arguments.read_only},
        "hostname": "ci", "mounts": mounts(kind, arguments.bind), "linux": linux,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("bundle")
    parser.add_argument("rootfs")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--bind", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("words", nargs="+")
    arguments = parser.parse_args()
    os.makedirs(arguments.bundle, exist_ok=True)
    with open(f"{arguments.bundle}/config.json", "w", encoding="utf-8") as file:
        json.dump(config(KINDS[arguments.kind], arguments), file, indent=1)


if __name__ == "__main__":
    main()
