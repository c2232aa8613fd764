#pragma once
/// @file
/// What a path of a command's means where /proc is not mounted but answered for: words only, no
/// file is looked at.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace mica::sandbox {

struct ProcPath {
    enum class Whose : std::uint8_t {
        directory, ///< /proc itself
        machine,   ///< a file that belongs to no process: `rest`
        process    ///< of `pid`, or of the caller
    } whose{};
    /// What the last component is. Links that the kernel follows without a path ("magic") lead
    /// anywhere, so each has a rule of its own.
    enum class What : std::uint8_t { file, executable, working_directory, root, descriptor, refused } what{};
    /// The caller's process (self) or thread (thread-self).
    enum class Caller : std::uint8_t { no, process, thread } caller{};
    pid_t pid = 0;         ///< if the caller is not meant
    std::string rest;      ///< below /proc, or below the process' directory; no "." or ".."
    bool is_alias = false; ///< the path is a link: "self", "mounts", /dev/stdin
};

/// nullopt: the path (absolute) has nothing to do with /proc. What passes through a magic link, or
/// tells of the machine what a container must not know, is refused.
[[nodiscard]] std::optional<ProcPath> parse_proc_path(std::string_view path);

/// Files of a process that it may write to; everything else in /proc is for reading.
[[nodiscard]] bool is_writable_in_proc(const ProcPath &path);

} // namespace mica::sandbox
