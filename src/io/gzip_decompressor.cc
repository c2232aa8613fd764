#include "base/error.hh"
#include "base/handle.hh"
#include "io/gzip.hh"
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <vector>
#include <zlib.h>

namespace mica {

namespace {

constexpr std::size_t buffer_size = 128 * 1024;
/// The largest window, and gzip's header and trailer expected and checked.
constexpr int gzip_window = 15 + 16;

void end_inflate(z_stream *stream) noexcept
{
    inflateEnd(stream);
}

class GzipDecompressor final : public Source {
public:
    explicit GzipDecompressor(std::unique_ptr<Source> from) : from_{std::move(from)}, buffer_(buffer_size)
    {
        if (inflateInit2(&stream_, gzip_window) != Z_OK)
            throw Error{ErrorKind::internal, "cannot start inflating"};
        handle_.reset(&stream_);
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        if (into.empty())
            return 0;
        const auto room =
            static_cast<uInt>(std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max()));
        stream_.next_out = reinterpret_cast<Bytef *>(into.data());
        stream_.avail_out = room;
        while (stream_.avail_out == room && fill())
            inflate_some();
        return room - stream_.avail_out;
    }

private:
    /// False at the end of the input, where a member must have ended.
    bool fill()
    {
        if (stream_.avail_in != 0 || !input_ended_)
            fill_if_empty();
        if (stream_.avail_in != 0)
            return true;
        if (in_member_ || !any_member_)
            throw Error{ErrorKind::integrity,
                        fmt::format("the gzip stream is cut short after {} bytes", consumed_)};
        return false;
    }

    void fill_if_empty()
    {
        if (stream_.avail_in != 0)
            return;
        const std::size_t count = from_->read(buffer_);
        input_ended_ = count == 0;
        consumed_ += count;
        stream_.next_in = reinterpret_cast<Bytef *>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(count);
    }

    void inflate_some()
    {
        if (!in_member_ && any_member_)
            inflateReset(&stream_);
        in_member_ = true;
        const int status = inflate(&stream_, Z_NO_FLUSH);
        if (status == Z_STREAM_END) {
            in_member_ = false;
            any_member_ = true;
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            fail();
        }
    }

    [[noreturn]] void fail() const
    {
        const char *why = stream_.msg != nullptr ? stream_.msg : "not enough memory";
        if (any_member_ && stream_.total_out == 0)
            throw Error{ErrorKind::integrity,
                        fmt::format("there are bytes behind the end of the gzip stream ({})", why)};
        throw Error{ErrorKind::integrity, fmt::format("the gzip stream is broken near byte {}: {}",
                                                      consumed_ - stream_.avail_in, why)};
    }

    std::unique_ptr<Source> from_;
    std::vector<std::byte> buffer_;
    z_stream stream_{};
    Handle<z_stream, end_inflate> handle_;
    bool input_ended_ = false;
    bool in_member_ = false;
    bool any_member_ = false; ///< one ended
    std::uint64_t consumed_ = 0;
};

} // namespace

std::unique_ptr<Source> gzip_decompressor(std::unique_ptr<Source> from)
{
    return std::make_unique<GzipDecompressor>(std::move(from));
}

} // namespace mica
