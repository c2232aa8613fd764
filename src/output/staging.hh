#pragma once
/// @file
/// A directory that is filled unseen.
#include "io/fd.hh"
#include <filesystem>

namespace mica::output {

/// Removed with all that is in it unless released. One thread at a time.
class Staging {
public:
    /// A new directory with a temporary name in an existing one. Throws Error.
    explicit Staging(const std::filesystem::path &parent);
    Staging(const Staging &) = delete;
    Staging &operator=(const Staging &) = delete;
    ~Staging();

    [[nodiscard]] const std::filesystem::path &path() const noexcept { return path_; }
    /// It has its name now, and stays.
    void release() noexcept { path_.clear(); }

private:
    std::filesystem::path path_;
};

enum class Occupancy { nothing, empty_directory, directory };

/// What is at a place where a directory is to be written; makes its parents if there is nothing.
/// Throws Error (usage) if it is something else.
[[nodiscard]] Occupancy look_at(const std::filesystem::path &destination);

/// The directory that holds it, in a form that can be opened ("." for a bare name).
[[nodiscard]] std::filesystem::path parent_of(const std::filesystem::path &path);

} // namespace mica::output
