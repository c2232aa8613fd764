#pragma once
/// @file
/// Compression as streams. gzip output is one member whose bytes depend on the
/// input and the level alone: not on threads, processor or machine.
#include "base/thread_pool.hh"
#include "io/stream.hh"
#include <cstdint>
#include <memory>
#include <optional>

namespace mica {

enum class Compression : std::uint8_t { none, gzip, zstd };

struct CompressionOptions {
    Compression kind = Compression::gzip;
    std::optional<int> level; ///< the codec's own scale; unset: mica's default for it
};

/// A sink that compresses into `next` (and finishes it). Blocks are compressed
/// on `pool`; at most a fixed number of them is in flight, whatever the input's
/// size. `next` is written to by the calling thread only.
[[nodiscard]] std::unique_ptr<Sink> compressor(const CompressionOptions &options, Sink &next,
                                               ThreadPool &pool);

/// A source of the plain bytes of `from`. Errors (integrity) name what is broken;
/// for gzip several members are read as one stream.
[[nodiscard]] std::unique_ptr<Source> decompressor(Compression kind, std::unique_ptr<Source> from);

/// What the first bytes say: gzip and zstd magic, else none.
[[nodiscard]] Compression detect_compression(BytesView first_bytes);

} // namespace mica
