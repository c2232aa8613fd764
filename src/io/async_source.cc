#include "io/async_source.hh"

#include "base/stop.hh"
#include <algorithm>
#include <cstring>
#include <utility>

namespace mica {

namespace {
constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::size_t buffer_count = 8; ///< and those on the two sides
} // namespace

AsyncSource::AsyncSource(std::unique_ptr<Source> from, const std::stop_token &stop)
    : full_{buffer_count}, empty_{buffer_count + 2}, on_stop_{stop, Halt{halt_}},
      thread_{[this, from = std::move(from)]() mutable { serve(std::move(from)); }}
{
}

AsyncSource::~AsyncSource()
{
    halt_.request_stop();
    thread_.join();
}

std::size_t AsyncSource::read(std::span<std::byte> into)
{
    if (into.empty())
        return 0;
    if (at_ == current_.size()) {
        if (current_.capacity() != 0)
            (void)empty_.push(std::exchange(current_, {}),
                              halt_.get_token()); // it has room for all there are
        at_ = 0;
        auto next = full_.pop(halt_.get_token());
        if (!next) {
            throw_if_stopped(halt_.get_token());
            if (failure_)
                std::rethrow_exception(failure_);
            return 0;
        }
        current_ = std::move(*next);
    }
    const auto count = std::min(into.size(), current_.size() - at_);
    std::memcpy(into.data(), current_.data() + at_, count);
    at_ += count;
    return count;
}

void AsyncSource::serve(std::unique_ptr<Source> from) noexcept
{
    try {
        const auto halted = halt_.get_token();
        for (std::size_t made = 0; !halted.stop_requested();) {
            Buffer buffer;
            if (made < buffer_count)
                ++made;
            else if (auto used = empty_.pop(halted))
                buffer = std::move(*used);
            buffer.resize(buffer_size);
            buffer.resize(read_full(*from, buffer));
            const bool is_last = buffer.size() < buffer_size;
            if ((!buffer.empty() && !full_.push(std::move(buffer), halted)) || is_last)
                break;
        }
    } catch (...) {
        failure_ = std::current_exception();
    }
    from.reset();
    full_.close();
}

} // namespace mica
