#pragma once
/// @file
/// Whether a file is a tar archive, plain or compressed, told by its bytes alone.
#include "io/content.hh"
#include "io/stream.hh"
#include <memory>

namespace mica::tar {

/// The plain bytes of a file that may be compressed with gzip, bzip2, xz or zstd (by
/// its first bytes, else as it is). Errors (integrity) while reading a damaged one.
[[nodiscard]] std::unique_ptr<Source> open_decompressed(const Content &content);

/// Whether it begins, decompressed if need be, with a valid header of a tar archive.
/// What cannot be decompressed is none.
[[nodiscard]] bool is_tar_archive(const Content &content);

} // namespace mica::tar
