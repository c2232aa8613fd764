#pragma once
/// @file
/// A directory for what a command keeps on disk until it ends.
#include <filesystem>

namespace mica::cli {

/// Below the directory for temporary files (TMPDIR), readable by its owner alone; gone with this object.
class TemporaryPlace {
public:
    /// Throws Error (io).
    TemporaryPlace();
    ~TemporaryPlace();
    TemporaryPlace(const TemporaryPlace &) = delete;
    TemporaryPlace &operator=(const TemporaryPlace &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace mica::cli
