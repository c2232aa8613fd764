#include "io/async_sink.hh"

#include "base/stop.hh"
#include <algorithm>

namespace mica {

namespace {
constexpr std::size_t buffer_size = 128 * 1024;
constexpr std::size_t max_buffers = 14; ///< and one on each side
} // namespace

AsyncSink::AsyncSink(Sink &next, const std::stop_token &stop)
    : next_{next}, queue_{max_buffers}, on_stop_{stop, Halt{halt_}}, thread_{[this] { serve(); }}
{
}

AsyncSink::~AsyncSink()
{
    halt_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

void AsyncSink::write(BytesView data)
{
    while (!data.empty()) {
        if (current_.capacity() == 0)
            current_.reserve(buffer_size);
        const BytesView part = data.first(std::min(data.size(), buffer_size - current_.size()));
        current_.insert(current_.end(), part.begin(), part.end());
        data = data.subspan(part.size());
        if (current_.size() == buffer_size)
            hand_over();
    }
}

void AsyncSink::finish()
{
    if (!current_.empty())
        hand_over();
    queue_.close();
    thread_.join();
    if (failure_ || halt_.stop_requested())
        fail();
    next_.finish();
}

void AsyncSink::hand_over()
{
    if (!queue_.push(std::exchange(current_, {}), halt_.get_token()))
        fail();
}

void AsyncSink::fail()
{
    halt_.request_stop();
    if (thread_.joinable())
        thread_.join();
    if (failure_)
        std::rethrow_exception(failure_);
    throw Cancelled{};
}

void AsyncSink::serve() noexcept
{
    try {
        while (const auto buffer = queue_.pop(halt_.get_token()))
            next_.write(*buffer);
    } catch (...) {
        failure_ = std::current_exception();
        halt_.request_stop();
    }
}

} // namespace mica
