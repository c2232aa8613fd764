#pragma once
/// @file
/// Path resolution that cannot leave a directory: the kernel's openat2(2).
/// Every path that comes from an archive, an image or a Dockerfile is opened with
/// one of these; strings are never compared to decide what is inside.
#include "io/fd.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::os {

/// Opens `path` below `directory` and follows no symbolic link at all, neither in
/// the middle nor at the end. "" and "." are the directory itself. Throws Error.
[[nodiscard]] Fd open_beneath(int directory, std::string_view path, int flags, unsigned mode = 0);

/// The same; absence (ENOENT, ENOTDIR, or a link on the way: ELOOP) is nullopt.
[[nodiscard]] std::optional<Fd> find_beneath(int directory, std::string_view path, int flags);

/// Opens `path` as a process with its root at `root` would: absolute links and ".."
/// stay inside. nullopt if there is nothing (ENOENT, ENOTDIR).
[[nodiscard]] std::optional<Fd> find_in_root(int root, std::string_view path, int flags);

/// A path for calls that take no descriptors (l*xattr): "/proc/self/fd/N/name", with name "."
/// for an open directory itself. Without a name it is a link to the open file.
[[nodiscard]] std::string fd_path(int fd, std::string_view name = {});

/// The directory that holds `path` and the last component: "a/b" → "a", "b".
struct SplitPath {
    std::string_view parent;
    std::string_view name;
};
[[nodiscard]] SplitPath split_path(std::string_view path);

} // namespace mica::os
