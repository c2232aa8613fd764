#pragma once
/// @file
/// Bytes that can be read once, kept where they can be read again.
#include "io/content.hh"
#include "io/fd.hh"
#include "io/stream.hh"
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>

namespace mica {

/// One unlinked file in a directory; it is gone with the last content in it. One
/// thread at a time appends; contents may be read from any.
class Spool {
public:
    explicit Spool(std::filesystem::path directory) : directory_{std::move(directory)} {}

    /// Reads `from` to its end. Throws Error (io), Cancelled.
    [[nodiscard]] ContentPtr append(Source &from, const std::stop_token &stop);

private:
    std::filesystem::path directory_;
    std::shared_ptr<const Fd> file_; ///< made by the first append()
    std::uint64_t size_ = 0;
};

} // namespace mica
