#pragma once
/// @file
/// A source that is read ahead by a thread of its own.
#include "base/queue.hh"
#include "io/stream.hh"
#include <exception>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

namespace mica {

/// Gives what `from` gives, which is read and destroyed on another thread; at most 2 MiB are
/// ahead. What `from` throws comes out of read(), perhaps in place of the last bytes before it.
/// After a stop read() throws Cancelled. The destructor waits for the call of `from` that is under
/// way.
class AsyncSource final : public Source {
public:
    AsyncSource(std::unique_ptr<Source> from, const std::stop_token &stop);
    ~AsyncSource() override;
    AsyncSource(const AsyncSource &) = delete;
    AsyncSource &operator=(const AsyncSource &) = delete;

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;

private:
    using Buffer = std::vector<std::byte>;
    struct Halt {
        std::stop_source &source;
        void operator()() const { source.request_stop(); }
    };

    void serve(std::unique_ptr<Source> from) noexcept;

    Buffer current_;
    std::size_t at_ = 0; ///< what of `current_` has been given
    BoundedQueue<Buffer> full_, empty_;
    std::stop_source halt_; ///< a stop of the caller, or destruction
    std::stop_callback<Halt> on_stop_;
    std::exception_ptr failure_; ///< written by the thread before it closes `full_`
    std::thread thread_;
};

} // namespace mica
