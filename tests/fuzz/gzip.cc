// Any bytes are a gzip stream or are refused as one; and the walk over a deflate stream ends within it.
#include "io/gzip.hh"
#include "base/error.hh"
#include "fuzz.hh"
#include "io/deflate_walk.hh"
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

constexpr std::size_t enough = std::size_t{1} << 20;

void inflate(std::string_view text)
try {
    const auto source = gzip_decompressor(std::make_unique<StringSource>(std::string{text}));
    std::array<std::byte, 4096> buffer{};
    for (std::size_t total = 0, got = 1; got != 0 && total < enough; total += got)
        got = source->read(buffer);
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "bytes are refused as no gzip");
}

void walk(std::string_view text)
try {
    const auto end = find_final_block(as_bytes(text));
    require(end.final_block < end.end && end.end <= text.size() * 8, "a stream ends within its bytes");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::integrity, "bytes are refused as no deflate stream");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    inflate(text);
    walk(text);
    return 0;
}
