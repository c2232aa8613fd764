#pragma once
/// @file
/// Files that the user gives to a build: directories, archives, repositories, seen through
/// their ignore file.
#include "context/ignore.hh"
#include "io/content.hh"
#include "tar/entry.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::context {

/// A tree of files to copy from. Paths as in tar::Entry::path; no link is followed
/// by these calls, and none can lead out of the tree. Owners are 0:0 (a context's
/// owners mean nothing). All members may be called from any thread.
class Context {
public:
    virtual ~Context() = default;
    /// nullopt: not there, or ignored. An ignored directory with a file in it that is
    /// not ignored is there.
    [[nodiscard]] virtual std::optional<tar::Entry> find(std::string_view path) const = 0;
    /// Names in a directory, sorted bytewise, without the ignored ones.
    [[nodiscard]] virtual std::vector<std::string> list(std::string_view path) const = 0;
    /// Of a regular file; opening throws Error (not_found, io) if it changed meanwhile.
    [[nodiscard]] virtual ContentPtr content(std::string_view path) const = 0;
    /// Whether the ignore file hides it (for "excluded by .dockerignore" in errors).
    [[nodiscard]] virtual bool ignored(std::string_view path) const = 0;
    /// Two paths that are hard links of each other have the same id; 0: a single link.
    [[nodiscard]] virtual std::uint64_t link_id(std::string_view path) const = 0;
    /// A path of the host for messages and for bind mounts of unfiltered directories.
    [[nodiscard]] virtual std::filesystem::path host_path() const = 0;
};

/// A directory of the host. Every access goes through openat2(RESOLVE_BENEATH).
[[nodiscard]] std::unique_ptr<Context> open_directory(const std::filesystem::path &directory,
                                                      IgnoreList ignore);

/// The same files without those that are ignored.
[[nodiscard]] std::unique_ptr<Context> filtered(std::shared_ptr<const Context> files, IgnoreList ignore);

} // namespace mica::context
