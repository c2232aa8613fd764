#pragma once
/// @file
/// Pieces of one deflate stream, each made without knowledge of the others.
#include "io/stream.hh"
#include <memory>
#include <vector>

namespace mica {

/// A chunk of input as deflate blocks that are not final and end at a byte boundary,
/// so that the results of several chunks, in order, are one stream (RFC 1951) once
/// deflate_end() follows. The bytes depend on the chunk and the level alone. One
/// thread at a time.
class BlockDeflater {
public:
    /// 0 (stored) to 12, libdeflate's scale; its 1 to 9 spend about what zlib's do.
    explicit BlockDeflater(int level);
    ~BlockDeflater();
    BlockDeflater(const BlockDeflater &) = delete;
    BlockDeflater &operator=(const BlockDeflater &) = delete;

    /// Replaces what is in `out`; its capacity is kept.
    void compress(BytesView chunk, std::vector<std::byte> &out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The final, empty block.
[[nodiscard]] BytesView deflate_end();

} // namespace mica
