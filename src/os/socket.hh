#pragma once
/// @file
/// A pair of connected stream sockets that can carry descriptors.
#include "io/fd.hh"
#include "io/stream.hh"
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace mica::os {

inline constexpr std::size_t most_descriptors = 16; ///< in one send_with_fds()

[[nodiscard]] std::pair<Fd, Fd> socket_pair();
/// Both ends close-on-exec: read end, write end.
[[nodiscard]] std::pair<Fd, Fd> pipe();

/// Sends all bytes; the descriptors travel with the first one. Throws Error (io).
void send_with_fds(int socket, BytesView bytes, std::span<const int> fds);
/// Fills `into` or returns what came before the end of the stream. Descriptors that come
/// along are appended to `fds`.
[[nodiscard]] std::size_t receive_full(int socket, std::span<std::byte> into, std::vector<Fd> &fds);

} // namespace mica::os
