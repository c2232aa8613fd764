#pragma once
/// @file
/// The block structure of a deflate stream (RFC 1951), without inflating it.
#include "io/stream.hh"
#include <cstddef>

namespace mica {

/// Places in a deflate stream, counted in bits from its start.
struct DeflateEnd {
    std::size_t final_block = 0; ///< the header of the last block: its BFINAL bit
    std::size_t end = 0;         ///< behind the last block
};

/// Walks over a whole stream to its final block. Throws Error (integrity) if it is
/// broken or cut short.
[[nodiscard]] DeflateEnd find_final_block(BytesView stream);

} // namespace mica
