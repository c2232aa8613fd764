#pragma once
/// @file
/// The one file that an output writes: a file, a device or pipe, or standard output.
#include "io/fd.hh"
#include "io/stream.hh"
#include "oci/staged_file.hh"
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace mica::output {

/// Collects small writes. finish() writes what is left and calls commit().
class OutputFile final : public Sink {
public:
    /// "-" is what `standard_output` names. An ordinary file (or none yet) is written unseen
    /// and replaced by finish(); what else there may be (a pipe, a device) is written to at once.
    /// Throws Error: usage for a terminal.
    OutputFile(const std::filesystem::path &destination, std::string_view standard_output);

    void write(BytesView data) override;
    void finish() override;

private:
    [[nodiscard]] int fd() const noexcept { return staged_ ? staged_->fd() : direct_.get(); }
    void flush();

    std::filesystem::path path_;
    std::optional<oci::StagedFile> staged_;
    Fd direct_;
    std::vector<std::byte> buffer_;
};

} // namespace mica::output
