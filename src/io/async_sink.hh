#pragma once
/// @file
/// A sink that is served by a thread of its own.
#include "base/queue.hh"
#include "io/stream.hh"
#include <exception>
#include <stop_token>
#include <thread>
#include <vector>

namespace mica {

/// Hands bytes over to a thread that writes them to `next`; at most 2 MiB are under way.
/// What `next` throws comes out of a later write() or of finish(). After a stop both
/// throw Cancelled. finish() waits until all is written, then finishes `next` on
/// the calling thread. Destruction without it drops what is under way.
class AsyncSink final : public Sink {
public:
    AsyncSink(Sink &next, const std::stop_token &stop);
    ~AsyncSink() override;
    AsyncSink(const AsyncSink &) = delete;
    AsyncSink &operator=(const AsyncSink &) = delete;

    void write(BytesView data) override;
    void finish() override;

private:
    using Buffer = std::vector<std::byte>;
    struct Halt {
        std::stop_source &source;
        void operator()() const { source.request_stop(); }
    };

    void hand_over();
    void serve() noexcept;
    [[noreturn]] void fail();

    Sink &next_;
    Buffer current_;
    BoundedQueue<Buffer> queue_;
    std::stop_source halt_; ///< a stop of the caller, a failure of `next`, or destruction
    std::stop_callback<Halt> on_stop_;
    std::exception_ptr failure_; ///< written by the thread, read once it is joined
    std::thread thread_;
};

} // namespace mica
