#include "base/error.hh"
#include "base/guarded.hh"
#include "io/deflate_block.hh"
#include "io/gzip.hh"
#include <algorithm>
#include <array>
#include <deque>
#include <libdeflate.h>
#include <zlib.h>

// One gzip member, made by many threads. The input is cut into chunks at fixed places;
// each is deflated alone, by whichever thread is free, and the results are written in
// their order. So the bytes cannot depend on the threads. What is lost by it, about
// one byte in a hundred, is the matches that would reach back across a cut.

namespace mica {

namespace {

constexpr std::size_t chunk_size = 512 * 1024;
/// With the deflaters some 2 MiB each. Ten are faster than one thread can read files.
constexpr std::size_t max_in_flight = 10;

using Buffer = std::vector<std::byte>;

struct Chunk {
    Buffer plain, packed;
    std::uint32_t crc = 0;
};

/// The deflaters, shared with tasks that may outlive the sink.
class Deflaters {
public:
    explicit Deflaters(int level) : level_{level} {}

    void run(Chunk &chunk)
    {
        auto deflater = take();
        chunk.crc = libdeflate_crc32(0, chunk.plain.data(), chunk.plain.size());
        deflater->compress(chunk.plain, chunk.packed);
        idle_.with([&](auto &idle) { idle.push_back(std::move(deflater)); });
    }

private:
    std::unique_ptr<BlockDeflater> take()
    {
        auto deflater = idle_.with([](auto &idle) {
            std::unique_ptr<BlockDeflater> last;
            if (!idle.empty()) {
                last = std::move(idle.back());
                idle.pop_back();
            }
            return last;
        });
        return deflater ? std::move(deflater) : std::make_unique<BlockDeflater>(level_);
    }

    int level_;
    Guarded<std::vector<std::unique_ptr<BlockDeflater>>> idle_;
};

void append_little_endian(Buffer &out, std::uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<std::byte>((value >> shift) & 0xffU));
}

class GzipCompressor final : public Sink {
public:
    GzipCompressor(int level, Sink &next, ThreadPool &pool)
        : next_{next}, pool_{pool}, deflaters_{std::make_shared<Deflaters>(level)},
          limit_{std::clamp<std::size_t>(2 * pool.size() + 1, 3, max_in_flight)}
    {
        current_.plain.reserve(chunk_size);
    }

    void write(BytesView data) override
    {
        while (!data.empty()) {
            const BytesView part = data.first(std::min(data.size(), chunk_size - current_.plain.size()));
            current_.plain.insert(current_.plain.end(), part.begin(), part.end());
            data = data.subspan(part.size());
            if (current_.plain.size() == chunk_size)
                dispatch();
        }
    }

    void finish() override
    {
        write_header();
        if (!current_.plain.empty())
            dispatch();
        while (!in_flight_.empty())
            collect();
        Buffer tail{deflate_end().begin(), deflate_end().end()};
        append_little_endian(tail, crc_);
        append_little_endian(tail, static_cast<std::uint32_t>(size_)); // modulo 2^32, says the RFC
        next_.write(tail);
        next_.finish();
    }

private:
    void dispatch()
    {
        write_header();
        while (in_flight_.size() >= limit_ || (!in_flight_.empty() && is_done(in_flight_.front())))
            collect();
        size_ += current_.plain.size();
        in_flight_.push_back(pool_.submit([deflaters = deflaters_, chunk = std::move(current_)]() mutable {
            deflaters->run(chunk);
            return std::move(chunk);
        }));
        current_ = next_buffers();
    }

    static bool is_done(const std::future<Chunk> &chunk)
    {
        return chunk.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    }

    /// Writes the oldest chunk and keeps its buffers for another.
    void collect()
    {
        Chunk chunk = in_flight_.front().get();
        in_flight_.pop_front();
        crc_ = static_cast<std::uint32_t>(
            crc32_combine(crc_, chunk.crc, static_cast<z_off_t>(chunk.plain.size())));
        next_.write(chunk.packed);
        chunk.plain.clear();
        free_.push_back(std::move(chunk));
    }

    Chunk next_buffers()
    {
        Chunk chunk;
        if (free_.empty()) {
            chunk.plain.reserve(chunk_size);
        } else {
            chunk = std::move(free_.back());
            free_.pop_back();
        }
        return chunk;
    }

    void write_header()
    {
        // deflate, no name, no time, no hint of the level, system unknown.
        static constexpr std::array<unsigned char, 10> header{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
        if (!header_written_)
            next_.write(std::as_bytes(std::span{header}));
        header_written_ = true;
    }

    Sink &next_;
    ThreadPool &pool_;
    std::shared_ptr<Deflaters> deflaters_;
    std::size_t limit_;
    Chunk current_;
    std::deque<std::future<Chunk>> in_flight_;
    std::vector<Chunk> free_;
    bool header_written_ = false;
    std::uint32_t crc_ = 0;
    std::uint64_t size_ = 0;
};

} // namespace

std::unique_ptr<Sink> gzip_compressor(int level, Sink &next, ThreadPool &pool)
{
    return std::make_unique<GzipCompressor>(level, next, pool);
}

} // namespace mica
