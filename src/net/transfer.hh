#pragma once
/// @file
/// One exchange, shared between the caller that waits for it and the network thread that
/// drives it. Private to net/.
#include "net/failure.hh"
#include "net/request.hh"
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace mica::net {

/// Two bounded buffers and the answer's head under one lock.
///
/// Upload: the caller's thread reads the body's source and offers blocks; libcurl's read
/// callback takes from them, and pauses the transfer when none is there. Download: the write
/// callback appends until the buffer is full, then pauses; the caller's reads take the whole
/// buffer at once. Either side that makes room or brings bytes asks the network thread to go
/// on, but only if it did pause.
class Transfer {
public:
    explicit Transfer(Request request);

    [[nodiscard]] const Request &request() const noexcept { return request_; }

    // --- The network thread: called from libcurl's callbacks, so nothing is thrown. ---
    enum class Flow : std::uint8_t { taken, full, failed };
    /// One line of a head, line end included; counts for the stall check.
    [[nodiscard]] bool on_header(std::string_view line) noexcept;
    [[nodiscard]] Flow on_body(BytesView data) noexcept;
    /// The next bytes to send; nullopt: none yet, pause.
    [[nodiscard]] std::optional<std::size_t> on_read(std::span<std::byte> into) noexcept;
    /// libcurl sends the body again from its start (a kept connection was dead).
    [[nodiscard]] bool on_rewind() noexcept;
    void on_end(std::optional<Failure> failure) noexcept;
    /// What the stall check wants to know.
    struct Progress {
        bool paused = false, sent_all = true, answered = false;
    };
    [[nodiscard]] Progress progress() noexcept;

    // --- The caller. `wake` asks the network thread to continue a paused transfer. ---
    using Wake = std::function<void()>;
    /// Sends the body (if it is a stream) and waits for the head of the answer. Throws what
    /// the body throws, Failure, or Cancelled.
    void exchange(const std::stop_token &stop, const Wake &wake);
    [[nodiscard]] int status() const;
    [[nodiscard]] Headers headers() const;
    /// The next bytes of the answer's body into `block` (its old content is dropped); false at the end.
    [[nodiscard]] bool read(std::vector<std::byte> &block, const std::stop_token &stop, const Wake &wake);
    [[nodiscard]] bool ended() const;

private:
    enum class Offer : std::uint8_t { taken, rewind, over };
    [[nodiscard]] Offer offer(std::vector<std::byte> block, const std::stop_token &stop, const Wake &wake);
    void send_stream(const StreamBody &body, const std::stop_token &stop, const Wake &wake);
    [[nodiscard]] bool send_once(const StreamBody &body, const std::stop_token &stop, const Wake &wake);
    [[nodiscard]] bool wait_after_body(const std::stop_token &stop);
    /// A block to fill: one that was sent, if there is one, for fresh memory costs as much as a copy.
    [[nodiscard]] std::vector<std::byte> spare_block();
    [[nodiscard]] bool refused() const { return headers_done_ && status_ >= 300; }
    void throw_if_failed() const;

    const Request request_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;

    // All below: under the lock.
    std::deque<std::vector<std::byte>> out_;
    std::vector<std::vector<std::byte>> spare_;
    std::size_t out_at_ = 0, out_bytes_ = 0;
    std::uint64_t out_sent_ = 0;
    bool out_paused_ = false, rewind_ = false;
    bool gave_up_ = false; ///< the caller sends no more: the answer was there before the body's end
    std::vector<std::byte> in_;
    bool in_paused_ = false;
    int status_ = 0;
    Headers headers_;
    std::size_t header_bytes_ = 0;
    bool headers_done_ = false, ended_ = false;
    std::optional<Failure> failure_;
    std::exception_ptr parked_;
};

} // namespace mica::net
