#include "io/deflate_block.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include "io/deflate_walk.hh"
#include <algorithm>
#include <array>
#include <cstdint>
#include <libdeflate.h>
#include <random>

namespace mica {

namespace {

using Deflater = Handle<libdeflate_compressor, libdeflate_free_compressor>;

constexpr std::size_t max_stored = 65535;
/// Many small ones: a chunk full of small compressed files has headers between them.
constexpr std::size_t sample_size = 256, sample_count = 64;
/// Room for the empty block that follows the compressed ones.
constexpr std::size_t flush_size = 5;

Deflater make_deflater(int level)
{
    Deflater deflater{libdeflate_alloc_compressor(level)};
    if (!deflater)
        throw Error{ErrorKind::internal, "cannot make a compressor"};
    return deflater;
}

/// Blocks of type 0. Their bytes are aligned, so nothing need follow.
void store(BytesView chunk, std::vector<std::byte> &out)
{
    out.clear();
    while (!chunk.empty()) {
        const BytesView piece = chunk.first(std::min(chunk.size(), max_stored));
        const auto length = static_cast<unsigned>(piece.size());
        const unsigned inverse = ~length;
        for (const unsigned byte :
             {0U, length & 0xffU, length >> 8U, inverse & 0xffU, (inverse >> 8U) & 0xffU})
            out.push_back(static_cast<std::byte>(byte));
        out.insert(out.end(), piece.begin(), piece.end());
        chunk = chunk.subspan(piece.size());
    }
}

std::vector<std::byte> sample(BytesView chunk)
{
    std::vector<std::byte> bytes;
    bytes.reserve(sample_count * sample_size);
    const std::size_t distance = chunk.size() / sample_count;
    std::minstd_rand random; // the same numbers everywhere, says the standard
    for (std::size_t i = 0; i < sample_count; ++i) {
        // Not at even distances: small files of one size would meet them in step.
        const std::size_t jitter = random() % (distance - sample_size);
        const BytesView piece = chunk.subspan(i * distance + jitter, sample_size);
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    return bytes;
}

/// Are all bytes about equally frequent? The sum of the squared counts is least then;
/// whole numbers, so that the answer is the same on every machine.
bool has_flat_histogram(BytesView bytes)
{
    std::array<std::uint64_t, 256> counts{};
    for (const std::byte byte : bytes)
        ++counts[std::to_integer<std::size_t>(byte)];
    std::uint64_t squares = 0;
    for (const auto count : counts)
        squares += count * count;
    const std::uint64_t random = bytes.size() * bytes.size() / counts.size() + bytes.size();
    return squares * 100 < random * 110;
}

} // namespace

struct BlockDeflater::State {
    explicit State(int level)
        : deflater{level > 0 ? make_deflater(level) : nullptr}, prober{level > 0 ? make_deflater(1) : nullptr}
    {
    }

    /// Data that were compressed already are known by samples of them, at a small part of
    /// the price of trying to compress them again.
    [[nodiscard]] bool looks_random(BytesView chunk)
    {
        if (chunk.size() < 2 * sample_count * sample_size)
            return false;
        const auto bytes = sample(chunk);
        if (!has_flat_histogram(bytes))
            return false;
        trial.resize(libdeflate_deflate_compress_bound(prober.get(), bytes.size()));
        const std::size_t size =
            libdeflate_deflate_compress(prober.get(), bytes.data(), bytes.size(), trial.data(), trial.size());
        return size == 0 || size * 100 >= bytes.size() * 99;
    }

    Deflater deflater;
    Deflater prober;
    std::vector<std::byte> trial;
};

BlockDeflater::BlockDeflater(int level) : state_{std::make_unique<State>(level)} {}
BlockDeflater::~BlockDeflater() = default;

void BlockDeflater::compress(BytesView chunk, std::vector<std::byte> &out)
{
    if (!state_->deflater || state_->looks_random(chunk))
        return store(chunk, out);
    auto *deflater = state_->deflater.get();
    out.resize(libdeflate_deflate_compress_bound(deflater, chunk.size()) + flush_size);
    const std::size_t size = libdeflate_deflate_compress(deflater, chunk.data(), chunk.size(), out.data(),
                                                         out.size() - flush_size);
    if (size == 0)
        throw Error{ErrorKind::internal, "libdeflate did not compress a chunk"};
    if (size >= chunk.size())
        return store(chunk, out);
    const DeflateEnd places = find_final_block(std::span{out}.first(size));
    out[places.final_block / 8] &= ~(std::byte{1} << (places.final_block % 8));
    // An empty stored block: three zero bits, zeros up to the next byte, length 0. The
    // bits behind the end are zeros already.
    const std::size_t aligned = (places.end + 3 + 7) / 8;
    out.resize(size);
    out.resize(aligned);
    for (const unsigned byte : {0x00U, 0x00U, 0xffU, 0xffU})
        out.push_back(static_cast<std::byte>(byte));
}

BytesView deflate_end()
{
    static constexpr std::array<std::byte, 5> bytes{std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0xff},
                                                    std::byte{0xff}};
    return bytes;
}

} // namespace mica
