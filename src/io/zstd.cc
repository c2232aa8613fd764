#include "io/zstd.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include <algorithm>
#include <fmt/format.h>
#include <vector>
#include <zstd.h>

namespace mica {

namespace {

/// What one worker gets at a time. It decides on the bytes, so it is fixed, as it is that
/// there are workers at all; their number does not matter. Small, since libzstd holds
/// several jobs for each worker: three make a gigabyte a second, in 30 MiB.
constexpr int job_size = 2 * 1024 * 1024;
constexpr int max_workers = 3;

std::size_t check(std::size_t result, ErrorKind kind, const char *what)
{
    if (ZSTD_isError(result) != 0U)
        throw Error{kind, fmt::format("{}: {}", what, ZSTD_getErrorName(result))};
    return result;
}

class ZstdCompressor final : public Sink {
public:
    ZstdCompressor(int level, Sink &next, ThreadPool &pool)
        : next_{next}, context_{ZSTD_createCCtx()}, buffer_(ZSTD_CStreamOutSize())
    {
        if (!context_)
            throw Error{ErrorKind::internal, "cannot make a zstd compressor"};
        set(ZSTD_c_compressionLevel, level);
        set(ZSTD_c_checksumFlag, 1);
        set(ZSTD_c_nbWorkers, std::clamp(static_cast<int>(pool.size()), 1, max_workers));
        set(ZSTD_c_jobSize, job_size);
    }

    void write(BytesView data) override
    {
        ZSTD_inBuffer in{data.data(), data.size(), 0};
        while (in.pos < in.size)
            run(in, ZSTD_e_continue);
    }

    void finish() override
    {
        ZSTD_inBuffer in{nullptr, 0, 0};
        while (run(in, ZSTD_e_end) != 0) {
        }
        next_.finish();
    }

private:
    void set(ZSTD_cParameter parameter, int value)
    {
        check(ZSTD_CCtx_setParameter(context_.get(), parameter, value), ErrorKind::internal,
              "cannot set up zstd");
    }

    std::size_t run(ZSTD_inBuffer &in, ZSTD_EndDirective end)
    {
        ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
        const auto left =
            check(ZSTD_compressStream2(context_.get(), &out, &in, end), ErrorKind::internal, "zstd failed");
        if (out.pos != 0)
            next_.write(std::span{buffer_}.first(out.pos));
        return left;
    }

    Sink &next_;
    Handle<ZSTD_CCtx, ZSTD_freeCCtx> context_;
    std::vector<std::byte> buffer_;
};

class ZstdDecompressor final : public Source {
public:
    explicit ZstdDecompressor(std::unique_ptr<Source> from)
        : from_{std::move(from)}, context_{ZSTD_createDCtx()}, buffer_(ZSTD_DStreamInSize())
    {
        if (!context_)
            throw Error{ErrorKind::internal, "cannot make a zstd decompressor"};
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        ZSTD_outBuffer out{into.data(), into.size(), 0};
        while (out.pos == 0 && out.size != 0) {
            // What libzstd still holds comes first; it needs no input for that.
            const bool more = has_output_ || fill();
            if (!more)
                break;
            left_ = check(ZSTD_decompressStream(context_.get(), &out, &in_), ErrorKind::integrity,
                          "the zstd stream is broken");
            has_output_ = out.pos == out.size && left_ != 0;
        }
        return out.pos;
    }

private:
    /// False at the end of the input, where a frame must have ended.
    bool fill()
    {
        if (in_.pos < in_.size)
            return true;
        const std::size_t count = from_->read(buffer_);
        in_ = {buffer_.data(), count, 0};
        consumed_ += count;
        if (count == 0 && (left_ != 0 || consumed_ == 0))
            throw Error{ErrorKind::integrity,
                        fmt::format("the zstd stream is cut short after {} bytes", consumed_)};
        return count != 0;
    }

    std::unique_ptr<Source> from_;
    Handle<ZSTD_DCtx, ZSTD_freeDCtx> context_;
    std::vector<std::byte> buffer_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    std::size_t left_ = 0; ///< libzstd's hint: zero between two frames
    bool has_output_ = false;
    std::uint64_t consumed_ = 0;
};

} // namespace

std::unique_ptr<Sink> zstd_compressor(int level, Sink &next, ThreadPool &pool)
{
    return std::make_unique<ZstdCompressor>(level, next, pool);
}

std::unique_ptr<Source> zstd_decompressor(std::unique_ptr<Source> from)
{
    return std::make_unique<ZstdDecompressor>(std::move(from));
}

} // namespace mica
