#include "sandbox/channel.hh"

#include "base/error.hh"
#include "os/socket.hh"
#include <cstring>

namespace mica::sandbox {
namespace {

struct FrameHeader {
    std::uint32_t kind = 0;
    std::uint32_t descriptors = 0;
    std::uint64_t size = 0;
};

Error broken(const char *why)
{
    return Error{ErrorKind::internal, std::string{"a message between mica's processes is broken: "} + why};
}

} // namespace

void Channel::send(std::uint32_t kind, std::string_view body, std::span<const int> fds)
{
    if (body.size() > most_bytes || fds.size() > os::most_descriptors)
        throw broken("too large");
    const FrameHeader header{kind, static_cast<std::uint32_t>(fds.size()), body.size()};
    std::string frame(sizeof header, '\0');
    std::memcpy(frame.data(), &header, sizeof header);
    frame += body;
    os::send_with_fds(socket_.get(), as_bytes(frame), fds);
}

std::optional<Message> Channel::receive()
{
    Message message;
    FrameHeader header;
    const auto count =
        os::receive_full(socket_.get(), std::as_writable_bytes(std::span{&header, 1}), message.fds);
    if (count == 0)
        return std::nullopt;
    if (count != sizeof header || header.size > most_bytes)
        throw broken("its head");
    message.kind = header.kind;
    message.body.resize(header.size);
    const auto body = std::as_writable_bytes(std::span{message.body.data(), message.body.size()});
    if (os::receive_full(socket_.get(), body, message.fds) != header.size)
        throw broken("cut short");
    if (message.fds.size() != header.descriptors)
        throw broken("descriptors are missing");
    return message;
}

} // namespace mica::sandbox
