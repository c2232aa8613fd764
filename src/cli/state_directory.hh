#pragma once
/// @file
/// What mica keeps between builds, and where: docs/formats.md, "State directory".
#include "cli/environment.hh"
#include "os/file_lock.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

/// A directory of one process' temporary files, gone with its owner. If the owner
/// dies without a word, the lock in it tells the next process.
class ScratchDirectory {
public:
    ScratchDirectory(ScratchDirectory &&) = default;
    ScratchDirectory &operator=(ScratchDirectory &&) = delete;
    ~ScratchDirectory();

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }

private:
    friend class StateDirectory;
    ScratchDirectory(std::filesystem::path path, std::filesystem::path guard, os::FileLock lock)
        : path_{std::move(path)}, guard_{std::move(guard)}, lock_{std::move(lock)}
    {
    }

    std::filesystem::path path_; ///< empty once moved from
    std::filesystem::path guard_;
    os::FileLock lock_;
};

/// Several processes may share one.
class StateDirectory {
public:
    /// Makes it (0700) where it is missing. Throws Error with a hint to --state.
    explicit StateDirectory(std::filesystem::path root);

    [[nodiscard]] const std::filesystem::path &root() const noexcept { return root_; }
    /// The OCI layout: images that were kept, and the blobs of layers.
    [[nodiscard]] std::filesystem::path images() const { return root_ / "oci"; }
    /// Entries of the local cache of steps.
    [[nodiscard]] std::filesystem::path cache() const { return root_ / "cache"; }
    /// Indexes of layers' file trees, by diff_id.
    [[nodiscard]] std::filesystem::path trees() const { return root_ / "trees"; }

    /// A new directory in tmp/.
    [[nodiscard]] ScratchDirectory make_scratch(const std::stop_token &stop) const;
    /// Removes scratch directories whose process is dead. What cannot be removed stays,
    /// and is told.
    [[nodiscard]] std::vector<std::string> remove_leftovers(const std::stop_token &stop) const;

    /// --state; else $MICA_STATE; root: /var/lib/mica; else $XDG_DATA_HOME/mica or
    /// $HOME/.local/share/mica.
    [[nodiscard]] static std::filesystem::path choose(const std::optional<std::filesystem::path> &option,
                                                      const Environment &environment);

private:
    [[nodiscard]] std::filesystem::path temporary() const { return root_ / "tmp"; }
    /// A lock file: held while a scratch directory comes, goes or is judged. Halfway
    /// there and back, it would look like a dead process' one.
    [[nodiscard]] std::filesystem::path guard() const { return root_ / "tmp.lock"; }

    std::filesystem::path root_;
};

} // namespace mica::cli
