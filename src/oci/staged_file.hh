#pragma once
/// @file
/// A file that nobody sees until it is complete.
#include "io/fd.hh"
#include <cstdint>
#include <filesystem>

namespace mica::oci {

/// A new file, without a name where the system can do that (so that even a killed process
/// leaves nothing behind), else under a temporary one; gone if never published. Its mode is
/// 0666 less the umask. One thread at a time.
class StagedFile {
public:
    /// In (the file system of) an existing directory. Throws Error.
    explicit StagedFile(const std::filesystem::path &directory);
    StagedFile(const StagedFile &) = delete;
    StagedFile &operator=(const StagedFile &) = delete;
    ~StagedFile();

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// Flushes to the disk and gives the file its name in the same directory, replacing what
    /// has it. Once. Throws Error.
    void publish(const std::filesystem::path &path);

private:
    void link_to(const std::filesystem::path &path);

    Fd fd_;
    std::filesystem::path directory_, temporary_name_; ///< the latter empty: no name
};

/// A name in `directory` that nobody else will think of: ".mica-<random>".
[[nodiscard]] std::filesystem::path temporary_name(const std::filesystem::path &directory);

} // namespace mica::oci
