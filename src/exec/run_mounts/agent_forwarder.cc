#include "exec/run_mounts/agent_forwarder.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/path_walk.hh"
#include "os/socket.hh"
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <list>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mica::exec {

namespace {

/// A command needs one or two; one that opens more and more gets no further.
constexpr std::size_t most_connections = 32;

Fd stream_socket()
{
    return Fd{os::check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
}

/// An address has room for a hundred bytes, and a path may be longer. /proc makes it short.
sockaddr_un address_of(const std::string &short_path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, short_path.c_str(), short_path.size() + 1);
    return address;
}

Fd connect_to(const std::filesystem::path &path)
{
    const Fd file = open_file(path, O_PATH);
    const auto address = address_of(os::fd_path(file.get()));
    Fd socket = stream_socket();
    os::check(::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address),
              [&] { return fmt::format("connect to the ssh agent at {}", path.native()); });
    return socket;
}

/// One direction of a connection. False: nothing more will come.
bool pass_on(int from, int to)
{
    std::array<std::byte, std::size_t{16} * 1024> buffer;
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
    if (count <= 0)
        return count < 0 && errno == EINTR;
    try {
        os::send_with_fds(to, std::span{buffer}.first(static_cast<std::size_t>(count)), {});
        return true;
    } catch (const Error &) {
        return false;
    }
}

/// A client of the socket and its own connection to the agent.
class Connection {
public:
    Connection(Fd client, Fd agent)
        : client_{std::move(client)}, agent_{std::move(agent)}, thread_{[this] { run(); }}
    {
    }
    ~Connection()
    {
        hang_up();
        thread_.join();
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    [[nodiscard]] bool is_over() const { return over_; }

private:
    void hang_up() const
    {
        ::shutdown(client_.get(), SHUT_RDWR);
        ::shutdown(agent_.get(), SHUT_RDWR);
    }
    void run()
    {
        std::array<pollfd, 2> ends{{{client_.get(), POLLIN, 0}, {agent_.get(), POLLIN, 0}}};
        bool open = true;
        while (open) {
            if (::poll(ends.data(), ends.size(), -1) < 0) {
                open = errno == EINTR;
                continue;
            }
            for (std::size_t i = 0; i < ends.size() && open; ++i)
                if (ends[i].revents != 0)
                    open = pass_on(ends[i].fd, ends[1 - i].fd);
        }
        hang_up();
        over_ = true;
    }

    Fd client_, agent_;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

std::filesystem::path new_directory(const std::filesystem::path &scratch)
{
    std::string name = scratch / "ssh-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw system_error(name, errno);
    return name;
}

Fd listen_in(const std::filesystem::path &directory)
{
    const Fd place = open_file(directory, O_PATH | O_DIRECTORY);
    const auto address = address_of(os::fd_path(place.get(), "agent"));
    Fd socket = stream_socket();
    os::check(::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address),
              "bind a socket for the ssh agent");
    os::check(::listen(socket.get(), SOMAXCONN), "listen");
    return socket;
}

} // namespace

AgentForwarder::AgentForwarder(std::filesystem::path agent, const std::filesystem::path &scratch)
    : agent_{std::move(agent)}
{
    (void)connect_to(agent_); // better now than as a riddle of ssh's
    directory_ = new_directory(scratch);
    listener_ = listen_in(directory_);
    std::tie(wake_, wake_end_) = os::pipe();
    thread_ = std::thread{[this] { serve(); }};
}

AgentForwarder::~AgentForwarder()
{
    wake_end_.reset();
    thread_.join();
    std::error_code ignored; // the scratch directory goes as a whole
    std::filesystem::remove_all(directory_, ignored);
}

void AgentForwarder::serve() const
{
    std::list<Connection> connections;
    std::array<pollfd, 2> watched{{{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    while (true) {
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            return;
        if (watched[1].revents != 0)
            return;
        if (watched[0].revents == 0)
            continue;
        Fd client{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        connections.remove_if([](const Connection &connection) { return connection.is_over(); });
        if (!client || connections.size() >= most_connections)
            continue;
        try {
            connections.emplace_back(std::move(client), connect_to(agent_));
        } catch (const std::exception &) { // NOLINT(bugprone-empty-catch)
            // The agent is gone: the client sees its connection end.
        }
    }
}

} // namespace mica::exec
