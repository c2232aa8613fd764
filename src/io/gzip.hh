#pragma once
/// @file
/// gzip (RFC 1952): what codec.hh gives for Compression::gzip.
#include "base/thread_pool.hh"
#include "io/stream.hh"
#include <memory>

namespace mica {

inline constexpr int default_gzip_level = 5;

[[nodiscard]] std::unique_ptr<Sink> gzip_compressor(int level, Sink &next, ThreadPool &pool);
[[nodiscard]] std::unique_ptr<Source> gzip_decompressor(std::unique_ptr<Source> from);

} // namespace mica
