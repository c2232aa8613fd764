#include "io/inflater.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include <algorithm>
#include <limits>
#include <zlib.h>

namespace mica {

namespace {

/// The largest window, and gzip's header and trailer expected and checked.
constexpr int gzip_window = 15 + 16;

void end_inflate(z_stream *stream) noexcept
{
    inflateEnd(stream);
}

uInt limited(std::size_t size)
{
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

} // namespace

struct Inflater::State {
    State()
    {
        if (inflateInit2(&stream, gzip_window) != Z_OK)
            throw Error{ErrorKind::internal, "cannot start inflating"};
        handle.reset(&stream);
    }

    z_stream stream{};
    Handle<z_stream, end_inflate> handle;
};

Inflater::Inflater() : state_{std::make_unique<State>()} {}
Inflater::~Inflater() = default;

Inflater::Step Inflater::inflate(BytesView in, std::span<std::byte> out)
{
    auto &stream = state_->stream;
    const uInt offered = limited(in.size()), room = limited(out.size());
    // zlib's interface is older than const.
    stream.next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(in.data()));
    stream.avail_in = offered;
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = room;
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    Step step{offered - stream.avail_in, room - stream.avail_out, status == Z_STREAM_END, nullptr};
    if (step.member_ended)
        inflateReset(&stream);
    else if (status != Z_OK && status != Z_BUF_ERROR)
        step.failure = stream.msg != nullptr ? stream.msg : "not enough memory";
    return step;
}

} // namespace mica
