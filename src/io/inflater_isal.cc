#include "io/inflater.hh"

#include <algorithm>
#include <isa-l/igzip_lib.h>
#include <limits>

namespace mica {

namespace {

std::uint32_t limited(std::size_t size)
{
    return static_cast<std::uint32_t>(std::min<std::size_t>(size, std::numeric_limits<std::uint32_t>::max()));
}

const char *explain(int status)
{
    switch (status) {
    case ISAL_INVALID_BLOCK:
        return "invalid block";
    case ISAL_INVALID_SYMBOL:
        return "invalid code";
    case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
    case ISAL_INVALID_WRAPPER:
        return "incorrect header check";
    case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
    default:
        return "unknown error";
    }
}

} // namespace

struct Inflater::State {
    State() { restart(); }

    void restart()
    {
        isal_inflate_init(&inflate);
        inflate.crc_flag = ISAL_GZIP; // header and trailer are in the stream, and checked
    }

    inflate_state inflate;
};

Inflater::Inflater() : state_{std::make_unique<State>()} {}
Inflater::~Inflater() = default;

Inflater::Step Inflater::inflate(BytesView in, std::span<std::byte> out)
{
    auto &state = state_->inflate;
    const std::uint32_t offered = limited(in.size()), room = limited(out.size());
    // The interface has no const.
    state.next_in = const_cast<std::uint8_t *>(reinterpret_cast<const std::uint8_t *>(in.data()));
    state.avail_in = offered;
    state.next_out = reinterpret_cast<std::uint8_t *>(out.data());
    state.avail_out = room;
    const int status = isal_inflate(&state);
    Step step{offered - state.avail_in, room - state.avail_out, state.block_state == ISAL_BLOCK_FINISH,
              nullptr};
    if (status < 0)
        step.failure = explain(status);
    else if (step.member_ended)
        state_->restart();
    return step;
}

} // namespace mica
