#include "sandbox/content_reader.hh"

#include "base/error.hh"
#include "os/path_walk.hh"
#include "sandbox/protocol.hh"
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>

namespace mica::sandbox {

Fd open_step_file(int scratch, std::string_view directory, std::string_view path)
{
    // Not blocking: a pipe in place of a file must not stop us.
    return os::open_beneath(scratch, fmt::format("{}/{}", directory, path),
                            O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}

void serve_contents(Channel channel, const Fd &scratch)
{
    while (auto message = channel.receive()) {
        try {
            const auto request = decode<OpenRequest>(message->body);
            const Fd file = open_step_file(scratch.get(), request.directory, request.path);
            const std::array<int, 1> fds{file.get()};
            channel.send(static_cast<std::uint32_t>(Answer::done), {}, fds);
        } catch (const Error &error) {
            channel.send(static_cast<std::uint32_t>(Answer::failed), encode_error(error));
        }
    }
}

} // namespace mica::sandbox
