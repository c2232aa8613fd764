#pragma once
/// @file
/// A directory of a workspace's own below the state directory.
#include "os/file_lock.hh"
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// Names of directories in `parent` whose owner was killed, each with its lock. The caller
/// has the directory removed (it may be full of other users' files), then calls forget().
class AbandonedScratch {
public:
    [[nodiscard]] static std::vector<AbandonedScratch> find(const std::filesystem::path &parent);
    [[nodiscard]] std::string name() const { return path_.filename(); }
    /// Removes the lock's file if the directory is gone.
    void forget() const;

private:
    AbandonedScratch(std::filesystem::path path, os::FileLock lock)
        : path_{std::move(path)}, lock_{std::move(lock)}
    {
    }
    std::filesystem::path path_;
    os::FileLock lock_;
};

} // namespace mica::sandbox
