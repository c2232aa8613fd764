#pragma once
/// @file
/// A directory of the host, entered only downwards: no ".." and no link leads out, even
/// while somebody else moves things about in it.
#include "base/guarded.hh"
#include "io/fd.hh"
#include "os/directory.hh"
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace mica::context {

/// Paths are relative, in the form of tar::Entry::path; "" is the directory itself. No
/// component of one is followed if it is a link. Errors name the file as the user knows
/// it. Any thread.
class HostTree {
public:
    /// Throws Error (not_found, denied, io).
    explicit HostTree(std::filesystem::path directory);

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }
    /// nullopt: not there, or not under directories.
    [[nodiscard]] std::optional<struct stat> status(std::string_view path) const;
    /// What lies in a directory, sorted by name.
    [[nodiscard]] std::vector<os::DirectoryEntry> children(std::string_view path) const;
    [[nodiscard]] std::string read_link(std::string_view path) const;
    /// Those that mean something on another machine: security.capability and user.*
    [[nodiscard]] std::map<std::string, std::string> xattrs(std::string_view path) const;
    /// For reading; never blocks on a FIFO. The type is the caller's to check.
    [[nodiscard]] Fd open(std::string_view path) const;
    /// What messages call a path.
    [[nodiscard]] std::string display(std::string_view path) const;

private:
    /// A directory that was opened, for the many questions about what is in it.
    struct OpenDirectory {
        std::string path;
        std::shared_ptr<const Fd> fd;
    };
    using Recent = std::vector<OpenDirectory>; ///< the last one used first

    [[nodiscard]] std::optional<Fd> find(std::string_view path, int flags) const;
    [[nodiscard]] Fd open_existing(std::string_view path, int flags) const;
    [[nodiscard]] std::shared_ptr<const Fd> opened(std::string_view directory) const;
    void keep_open(std::string_view directory, const std::shared_ptr<const Fd> &fd) const;
    /// The directory that a path lies in; null if it is not there.
    [[nodiscard]] std::shared_ptr<const Fd> directory_of(std::string_view path) const;
    [[nodiscard]] std::shared_ptr<const Fd> existing_directory_of(std::string_view path) const;

    std::filesystem::path path_;
    Fd root_;
    mutable Guarded<Recent> recent_;
};

} // namespace mica::context
