#pragma once
/// @file
/// Compares two images, as far as they differ.
#include "verify/image_source.hh"
#include "verify/report.hh"
#include <cstddef>
#include <cstdint>
#include <stop_token>

namespace mica::verify {

struct CompareOptions {
    std::size_t most_files = 2000;                        ///< that a report holds of one layer
    std::uint64_t most_bytes = std::uint64_t{16} << 20;   ///< of a file that is looked into
    std::uint64_t most_in_all = std::uint64_t{256} << 20; ///< of one layer's files that are looked into
};

/// Images are paired by platform, layers by diff_id and then by the instruction that made them. What has
/// the same digest is not read, so images that share their layers cost their documents alone; a pair of
/// layers that differ is streamed once for names and hashes, and once more for the bytes of what differs.
/// Throws Error (integrity, network); Cancelled.
[[nodiscard]] Report compare(const OpenedImage &left, const OpenedImage &right, const CompareOptions &options,
                             const std::stop_token &stop);

} // namespace mica::verify
