#include "os/socket.hh"

#include "os/check.hh"
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mica::os {
namespace {

struct ControlBuffer {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> bytes{};
};

void attach(msghdr &message, ControlBuffer &control, std::span<const int> fds)
{
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
}

void collect(msghdr &message, std::vector<Fd> &fds)
{
    for (cmsghdr *header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            fds.emplace_back(fd);
        }
    }
}

} // namespace

std::pair<Fd, Fd> socket_pair()
{
    std::array<int, 2> ends{};
    check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
    return {Fd{ends[0]}, Fd{ends[1]}};
}

std::pair<Fd, Fd> pipe()
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC), "pipe");
    return {Fd{ends[0]}, Fd{ends[1]}};
}

void send_with_fds(int socket, BytesView bytes, std::span<const int> fds)
{
    while (!bytes.empty()) {
        iovec part{const_cast<std::byte *>(bytes.data()), bytes.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        ControlBuffer control;
        if (!fds.empty())
            attach(message, control, fds);
        const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        check(sent, "sendmsg");
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
        fds = {};
    }
}

std::size_t receive_full(int socket, std::span<std::byte> into, std::vector<Fd> &fds)
{
    std::size_t filled = 0;
    while (filled < into.size()) {
        iovec part{into.data() + filled, into.size() - filled};
        ControlBuffer control;
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.bytes.data();
        message.msg_controllen = control.bytes.size();
        const ssize_t count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == ECONNRESET)
            break;
        check(count, "recvmsg");
        collect(message, fds);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

} // namespace mica::os
