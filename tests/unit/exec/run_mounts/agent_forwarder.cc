#include "exec/run_mounts/agent_forwarder.hh"

#include "base/error.hh"
#include "os/socket.hh"
#include "support/temporary_directory.hh"
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>

using namespace mica;
using namespace mica::exec;

namespace {

sockaddr_un address_of(const std::filesystem::path &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

Fd listening(const std::filesystem::path &path)
{
    Fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto address = address_of(path);
    BOOST_TEST_REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) ==
                       0);
    BOOST_TEST_REQUIRE(::listen(socket.get(), 8) == 0);
    return socket;
}

Fd connected(const std::filesystem::path &path)
{
    Fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto address = address_of(path);
    BOOST_TEST_REQUIRE(
        ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
    return socket;
}

Fd accepted(const Fd &listener)
{
    return Fd{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
}

std::string received(const Fd &socket, std::size_t count)
{
    std::string bytes(count, '\0');
    std::vector<Fd> none;
    bytes.resize(os::receive_full(socket.get(), std::as_writable_bytes(std::span{bytes}), none));
    return bytes;
}

/// An agent, and a forwarder to it that a client is connected to.
struct Chain {
    mica::test::TemporaryDirectory place;
    Fd agent = listening(place / "agent.sock");
    std::optional<AgentForwarder> forwarder{std::in_place, place / "agent.sock", place.path()};
    Fd first = accepted(agent); ///< the forwarder's own look whether somebody is there
    Fd client = connected(forwarder->socket());
    Fd at_agent = accepted(agent);
};

} // namespace

BOOST_AUTO_TEST_SUITE(ssh_agent_forwarder)

BOOST_AUTO_TEST_CASE(a_request_reaches_the_agent)
{
    Chain chain;
    os::send_with_fds(chain.client.get(), as_bytes("request"), {});
    BOOST_TEST(received(chain.at_agent, 7) == "request");
}

BOOST_AUTO_TEST_CASE(an_answer_reaches_the_client)
{
    Chain chain;
    os::send_with_fds(chain.at_agent.get(), as_bytes("answer"), {});
    BOOST_TEST(received(chain.client, 6) == "answer");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_is_the_end_at_the_agent)
{
    Chain chain;
    chain.client.reset();
    BOOST_TEST(received(chain.at_agent, 1).empty());
}

BOOST_AUTO_TEST_CASE(its_own_end_closes_connections_and_removes_the_socket)
{
    Chain chain;
    const auto socket = chain.forwarder->socket();
    chain.forwarder.reset();
    BOOST_TEST(received(chain.client, 1).empty());
    BOOST_TEST(!std::filesystem::exists(socket));
}

BOOST_AUTO_TEST_CASE(an_agent_that_is_not_there_is_told_at_once)
{
    const mica::test::TemporaryDirectory place;
    BOOST_CHECK_THROW((AgentForwarder{place / "nobody", place.path()}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
