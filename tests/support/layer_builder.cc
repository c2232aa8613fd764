#include "support/layer_builder.hh"

#include "io/fd.hh"
#include <filesystem>

namespace mica::test {
namespace {

constexpr const char *busybox = "/usr/bin/busybox";

} // namespace

bool have_busybox()
{
    return std::filesystem::exists(busybox);
}

LayerBuilder busybox_root()
{
    LayerBuilder root;
    root.directory("").directory("bin").directory("etc").directory("home").directory("tmp", 01777);
    root.file("bin/busybox", read_file(busybox), 0755);
    for (const char *name :
         {"awk",    "basename", "cat",    "chgrp", "chmod", "chown",    "cp",      "cut",   "date",
          "dd",     "df",       "echo",   "env",   "false", "find",     "grep",    "head",  "hostname",
          "id",     "kill",     "ln",     "ls",    "mkdir", "mkfifo",   "mknod",   "mount", "mv",
          "nproc",  "pidof",    "ping",   "ps",    "pwd",   "readlink", "rm",      "rmdir", "sed",
          "setsid", "sh",       "sleep",  "sort",  "stat",  "su",       "tail",    "tar",   "tee",
          "test",   "touch",    "tr",     "true",  "tty",   "umount",   "unshare", "wc",    "xargs",
          "ip",     "ulimit",   "chroot", "seq"})
        root.symlink(std::string{"bin/"} + name, "busybox");
    root.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n");
    root.file("etc/group", "root:x:0:\nalice:x:1000:\n");
    return root;
}

} // namespace mica::test
