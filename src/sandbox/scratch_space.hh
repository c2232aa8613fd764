#pragma once
/// @file
/// A directory of a workspace's own below the state directory.
#include "os/file_lock.hh"
#include <filesystem>
#include <optional>

namespace mica::sandbox {

/// An empty directory, with a lock that says that its owner lives. The destructor removes
/// the directory if it is empty by then (who filled it may have other ids than we).
class ScratchSpace {
public:
    explicit ScratchSpace(const std::filesystem::path &parent);
    ~ScratchSpace();
    ScratchSpace(const ScratchSpace &) = delete;
    ScratchSpace &operator=(const ScratchSpace &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const { return path_; }

private:
    std::filesystem::path path_;
    std::filesystem::path lock_path_;
    std::optional<os::FileLock> lock_;
};

} // namespace mica::sandbox
