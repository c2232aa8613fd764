#pragma once
/// @file
/// Framed messages with descriptors over one end of a socket pair.
#include "io/fd.hh"
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::sandbox {

struct Message {
    std::uint32_t kind = 0;
    std::string body; ///< at most Channel::most_bytes
    std::vector<Fd> fds;
};

/// One thread at a time in each direction.
class Channel {
public:
    static constexpr std::size_t most_bytes = std::size_t{256} << 20;

    explicit Channel(Fd socket) : socket_{std::move(socket)} {}

    /// Throws Error (io) when the other end is gone.
    void send(std::uint32_t kind, std::string_view body, std::span<const int> fds = {});
    /// Blocks; nullopt when the other end closed. Throws Error (internal) on a broken frame.
    [[nodiscard]] std::optional<Message> receive();
    /// For poll(2): readable when a message (or the end) is there.
    [[nodiscard]] int fd() const noexcept { return socket_.get(); }
    void close() noexcept { socket_.reset(); }

private:
    Fd socket_;
};

} // namespace mica::sandbox
