#!/usr/bin/env python3
"""planted.py DIRECTORY: two contexts, left and right, that differ in one way a file, made by the tools that make
such files in real builds; and causes.tsv, what each difference must be called."""
import gzip
import io
import os
import py_compile
import subprocess
import sys
import tarfile
import zipfile

root = sys.argv[1]
expected = []


def plant(path, cause, left, right):
    expected.append((path, cause))
    for side, content in (("left", left), ("right", right)):
        file = os.path.join(root, side, path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)


def gz(content, time=0, level=6):
    return gzip.compress(content.encode(), level, mtime=time)


def tar(*members):
    """Members of (name, content, time, owner, mode)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content, time, owner, mode in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.uid, info.mode = len(content), time, owner, mode
            archive.addfile(info, io.BytesIO(content.encode()))
    return out.getvalue()


def zipped(year, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", (year, 5, 5, 5, 5, 4)), content)
    return out.getvalue()


def ran(name, *command, source=None):
    """What a tool makes: the bytes of the file `name` in a scratch directory."""
    scratch = os.path.join(root, "scratch")
    os.makedirs(scratch, exist_ok=True)
    file = os.path.join(scratch, name)
    if os.path.exists(file):
        os.unlink(file)
    if source is not None:
        with open(os.path.join(scratch, "source.c"), "w", encoding="utf-8") as out:
            out.write(source)
    subprocess.run(command, cwd=scratch, check=True)
    with open(file, "rb") as made:
        return made.read()


def program(source, *options):
    return ran("a.out", "gcc", "-w", "source.c", *options, source=source)


def library(time):
    ran("source.o", "gcc", "-c", "source.c", source="int f(void) { return 1; }")
    os.utime(os.path.join(root, "scratch/source.o"), (time, time))
    return ran("x.a", "ar", "rcU", "x.a", "source.o")


def compiled(time, content):
    file = os.path.join(root, "scratch", "module.py")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as out:
        out.write(content)
    os.utime(file, (time, time))
    py_compile.compile(file, cfile=file + "c", dfile="module.py", doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    with open(file + "c", "rb") as made:
        return made.read()


def texts():
    plant("etc/issue", "build-time", "built Tue Mar  3 2026 10:11:12 UTC\n", "built Wed Mar  4 2026 09:00:01 UTC\n")
    plant("app/stamp", "build-time", "stamp=1767225600\n", "stamp=1767229999\n")
    plant("app/id", "random", "id 3f9a1c77-1b2c-4d5e-8f90-aabbccddeeff\n", "id 91d2e0ab-77aa-4c11-9f00-001122334455\n")
    plant("app/list", "order", "a\nb\nc\n", "c\na\nb\n")
    plant("app/x.json", "order", '{"name": "x", "size": 2}', '{"size": 2, "name": "x"}')
    plant("app/x.sh", "line-endings", "one\ntwo\n", "one\r\ntwo\r\n")
    plant("app/blanks", "blanks", "a  b\n", "a b\n")
    plant("app/last", "last-line", "a\nb", "a\nb\n")
    plant("app/w.pc", "build-path", "prefix=/tmp/build.aX/out\n", "prefix=/home/me/out\n")
    plant("app/version", "number", "lib 1.2.3\n", "lib 1.2.4\n")
    plant("app/words", "content", "yes\n", "no\n")


def system_files():
    plant("var/log/dpkg.log", "log", "10:00 install\n", "10:01 install\n")
    plant("etc/machine-id", "machine-id", "aaaa\n", "bbbb\n")
    plant("var/cache/ldconfig/aux-cache", "ldconfig-cache", b"a\0", b"b\0")
    plant("etc/hostname", "host-name", "one\n", "two\n")
    plant("var/lib/apt/lists/x_Packages", "package-lists", "a\n", "b\n")
    plant("var/lib/dpkg/status", "package-versions", "Version: 1\n", "Version: 2\n")
    plant("etc/shadow", "password-date", "root:*:20100:0:99999:7:::\n", "root:*:20101:0:99999:7:::\n")
    plant("etc/ssh/ssh_host_rsa_key", "key", "x\n", "y\n")
    plant("home/me/.cache/pip/x", "cache", "a", "b")


def archives():
    plant("usr/x.gz", "gzip-time", gz("text\n", 1), gz("text\n", 2))
    plant("usr/y.gz", "compression", gz("abcabd" * 999, 0, 1), gz("abcabd" * 999, 0, 9))
    plant("usr/z.gz", "order", gz("b\na\n"), gz("a\nb\n"))
    member = ("a", "1", 1000, 0, 0o644)
    plant("opt/time.tar", "archive-times", tar(member), tar(("a", "1", 2000, 0, 0o644)))
    plant("opt/owner.tar", "archive-owners", tar(member), tar(("a", "1", 1000, 7, 0o644)))
    plant("opt/mode.tar", "archive-modes", tar(member), tar(("a", "1", 1000, 0, 0o600)))
    other = ("b", "2", 1000, 0, 0o644)
    plant("opt/order.tar", "archive-order", tar(member, other), tar(other, member))
    plant("opt/x.jar", "archive-times", zipped(2025, "x"), zipped(2026, "x"))
    plant("usr/lib/x.a", "ar-times", library(1000), library(2000))
    plant("usr/lib/x.pyc", "pyc-time", compiled(1000, "X = 1\n"), compiled(2000, "X = 1\n"))
    plant("usr/lib/y.pyc", "pyc", compiled(1000, "X = 1\n"), compiled(1000, "Y = 2\n"))


def programs():
    main = "int main(void) { return %d; }\n"
    plant("usr/bin/id", "elf-build-id", program(main % 0, "-Wl,--build-id=0x01020304"),
          program(main % 0, "-Wl,--build-id=0x05060708"))
    plant("usr/bin/code", "elf-code", program(main % 1, "-Wl,--build-id=none"),
          program(main % 2, "-Wl,--build-id=none"))
    data = 'const char text[] = "%s"; int main(void) { return text[0]; }\n'
    plant("usr/bin/time", "build-time", program(data % "built Mar  3 2026 10:11:12", "-Wl,--build-id=none"),
          program(data % "built Mar  4 2026 09:11:12", "-Wl,--build-id=none"))
    plant("usr/bin/path", "build-path", program(data % "/tmp/build-x/main.c", "-Wl,--build-id=none"),
          program(data % "/home/abc/me/main.c", "-Wl,--build-id=none"))


def attributes():
    """What files of the same bytes differ in; RUN makes owners, links and devices."""
    for path, cause, left, right in (("app/umask", "umask", 0o644, 0o664), ("app/run", "mode", 0o644, 0o755)):
        plant(path, cause, "x", "x")
        os.chmod(os.path.join(root, "left", path), left)
        os.chmod(os.path.join(root, "right", path), right)
    for path, cause in (("owner", "owner"), ("time", "file-time"), ("link", "link"), ("kind", "type"),
                        ("only", "one-side"), ("fifo", "type")):
        expected.append((f"made/{path}", cause))


texts()
system_files()
archives()
programs()
attributes()
with open(os.path.join(root, "causes.tsv"), "w", encoding="utf-8") as table:
    for line in expected:
        table.write("\t".join(line) + "\n")
