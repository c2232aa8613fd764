#pragma once
/// @file
/// One file of a tar archive or a file tree: everything but its bytes.
#include "base/clock.hh"
#include <cstdint>
#include <map>
#include <string>

namespace mica::tar {

enum class FileType : std::uint8_t { regular, directory, symlink, hardlink, fifo, char_device, block_device };

struct Entry {
    /// Relative to the root, no leading or trailing slash, no ".", no "..", no
    /// empty component; raw bytes. The root itself is "".
    std::string path;
    FileType type{};
    std::uint32_t mode = 0; ///< permission bits with setuid, setgid, sticky (07777)
    std::uint32_t uid = 0, gid = 0;
    std::uint64_t size = 0; ///< regular files only
    Time mtime{};
    /// symlink: its text as it is. hardlink: path of the target, in the form of `path`.
    std::string link_target;
    std::map<std::string, std::string> xattrs; ///< sorted: their order is part of the bytes
    std::uint32_t device_major = 0, device_minor = 0;
    bool operator==(const Entry &) const = default;
};

} // namespace mica::tar
