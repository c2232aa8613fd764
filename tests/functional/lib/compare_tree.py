#!/usr/bin/env python3
"""Compares an unpacked root file system with a tar of what it should be.

usage: compare_tree.py DIRECTORY TAR

Every path's type, mode, owner, link text, device, content, time, extended
attributes and groups of hard links must agree, and no path may be on one side only.
"""
import hashlib
import os
import stat
import sys
import tarfile


def digest(chunks):
    value = hashlib.sha256()
    for chunk in chunks:
        value.update(chunk)
    return value.hexdigest()


def read_chunks(file):
    while chunk := file.read(1 << 20):
        yield chunk


def xattrs_of(path):
    return {
        name: os.getxattr(path, name, follow_symlinks=False)
        for name in os.listxattr(path, follow_symlinks=False)
        if name.startswith(("user.", "security.capability"))
    }


def from_directory(root):
    tree, links = {}, {}
    for parent, directories, files in os.walk(root):
        for name in directories + files:
            path = os.path.join(parent, name)
            key = os.path.relpath(path, root)
            info = os.lstat(path)
            fact = {
                "type": stat.S_IFMT(info.st_mode),
                "uid": info.st_uid,
                "gid": info.st_gid,
                "xattrs": xattrs_of(path),
                "mtime": int(info.st_mtime),
            }
            if stat.S_ISLNK(info.st_mode):
                fact["link"] = os.readlink(path)
            else:
                fact["mode"] = stat.S_IMODE(info.st_mode)
            if stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    fact["content"] = digest(read_chunks(file))
                if info.st_nlink > 1:
                    links.setdefault((info.st_dev, info.st_ino), []).append(key)
            if stat.S_ISCHR(info.st_mode) or stat.S_ISBLK(info.st_mode):
                fact["device"] = info.st_rdev
            tree[key] = fact
    return tree, sorted(sorted(group) for group in links.values() if len(group) > 1)


TYPES = {
    tarfile.REGTYPE: stat.S_IFREG,
    tarfile.DIRTYPE: stat.S_IFDIR,
    tarfile.SYMTYPE: stat.S_IFLNK,
    tarfile.FIFOTYPE: stat.S_IFIFO,
    tarfile.CHRTYPE: stat.S_IFCHR,
    tarfile.BLKTYPE: stat.S_IFBLK,
}


def from_tar(path):
    tree, groups = {}, {}
    with tarfile.open(path) as archive:
        for member in archive:
            key = os.path.normpath(member.name)
            if key == ".":
                continue
            if member.islnk():
                target = os.path.normpath(member.linkname)
                tree[key] = tree[target]
                groups.setdefault(target, {target}).add(key)
                continue
            fact = {
                "type": TYPES[member.type],
                "uid": member.uid,
                "gid": member.gid,
                "mtime": int(member.mtime),
                "xattrs": {
                    name[len("SCHILY.xattr."):]: value.encode("utf-8", "surrogateescape")
                    for name, value in member.pax_headers.items()
                    if name.startswith("SCHILY.xattr.")
                },
            }
            if member.issym():
                fact["link"] = member.linkname
            else:
                fact["mode"] = member.mode & 0o7777
            if member.isreg():
                fact["content"] = digest(read_chunks(archive.extractfile(member)))
            if member.ischr() or member.isblk():
                fact["device"] = os.makedev(member.devmajor, member.devminor)
            tree[key] = fact
    return tree, sorted(sorted(group) for group in groups.values())


def main():
    directory, tar = sys.argv[1:]
    (have, have_links), (want, want_links) = from_directory(directory), from_tar(tar)
    wrong = []
    for path in sorted(have.keys() | want.keys()):
        if path not in have:
            wrong.append(f"{path}: only in the tar")
        elif path not in want:
            wrong.append(f"{path}: only in the directory")
        else:
            for key in have[path].keys() | want[path].keys():
                if have[path].get(key) != want[path].get(key):
                    wrong.append(f"{path}: {key} is {have[path].get(key)!r}, the tar says {want[path].get(key)!r}")
    if have_links != want_links:
        wrong.append(f"hard links are {have_links}, the tar says {want_links}")
    print("\n".join(wrong[:40]) or f"{len(have)} paths agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
