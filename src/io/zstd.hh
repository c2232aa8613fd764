#pragma once
/// @file
/// Zstandard (RFC 8878): what codec.hh gives for Compression::zstd.
#include "base/thread_pool.hh"
#include "io/stream.hh"
#include <memory>

namespace mica {

inline constexpr int default_zstd_level = 3;

[[nodiscard]] std::unique_ptr<Sink> zstd_compressor(int level, Sink &next, ThreadPool &pool);
[[nodiscard]] std::unique_ptr<Source> zstd_decompressor(std::unique_ptr<Source> from);

} // namespace mica
