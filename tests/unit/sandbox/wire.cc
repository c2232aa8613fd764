#include "sandbox/wire.hh"

#include "os/socket.hh"
#include "sandbox/channel.hh"
#include "sandbox/protocol.hh"
#include "support/errors.hh"
#include <array>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/stat.h>

namespace {

using namespace mica::test;
using mica::sandbox::Channel;
using mica::sandbox::decode;
using mica::sandbox::encode;
using mica::sandbox::RunRequest;

BOOST_AUTO_TEST_SUITE(sandbox_wire)

BOOST_AUTO_TEST_CASE(a_request_comes_back_as_it_was)
{
    RunRequest request;
    request.argv = {"sh", "-c", std::string{"\0\xff binary", 9}};
    request.uid = 7;
    request.groups = {1, 2, 3};
    request.mounts.emplace_back().target = "/t";
    request.mounts.back().size = 1ULL << 40;
    request.no_network = true;
    const auto bytes = encode(request);
    BOOST_TEST(encode(decode<RunRequest>(bytes)) == bytes);
    BOOST_TEST(decode<RunRequest>(bytes).argv.back() == request.argv.back());
    BOOST_TEST(decode<RunRequest>(bytes).mounts.back().size == 1ULL << 40);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error)
{
    RunRequest request;
    request.argv = {"a", "b"};
    request.mounts.resize(2);
    const auto bytes = encode(request);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        BOOST_CHECK_THROW((void)decode<RunRequest>(std::string_view{bytes}.substr(0, length)), mica::Error);
}

BOOST_AUTO_TEST_CASE(a_forged_count_does_not_take_all_memory)
{
    const std::string bytes(8, '\xff');
    BOOST_CHECK_THROW((void)decode<std::vector<std::string>>(bytes), mica::Error);
}

BOOST_AUTO_TEST_CASE(errors_travel_whole)
{
    mica::Error error{mica::ErrorKind::denied, "no"};
    error.add_context("inner");
    error.set_hint("try");
    const auto back = mica::sandbox::decode_error(mica::sandbox::encode_error(error));
    BOOST_TEST(back.kind() == mica::ErrorKind::denied);
    BOOST_TEST(back.message() == "no");
    BOOST_TEST(back.context().front() == "inner");
    BOOST_TEST(back.hint().value() == "try");
}

struct Pair {
    std::pair<mica::Fd, mica::Fd> ends = mica::os::socket_pair();
    Channel a{std::move(ends.first)}, b{std::move(ends.second)};
};

BOOST_FIXTURE_TEST_CASE(messages_carry_descriptors, Pair)
{
    const mica::Fd null = mica::open_file("/dev/null", O_RDONLY);
    const std::array<int, 2> fds{null.get(), null.get()};
    a.send(5, "body", fds);
    a.send(6, "");
    const auto first = b.receive();
    BOOST_TEST(first->kind == 5U);
    BOOST_TEST(first->body == "body");
    BOOST_TEST(first->fds.size() == 2U);
    struct stat sent{};
    struct stat got{};
    BOOST_TEST(::fstat(null.get(), &sent) == 0);
    BOOST_TEST(::fstat(first->fds.at(1).get(), &got) == 0);
    BOOST_TEST(sent.st_rdev == got.st_rdev);
    BOOST_TEST(b.receive()->kind == 6U);
}

BOOST_FIXTURE_TEST_CASE(the_end_is_no_message, Pair)
{
    a.close();
    BOOST_TEST(!b.receive().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_frame_that_is_cut_short_is_an_error, Pair)
{
    const std::string half{"\x01\x00\x00\x00\x00", 5};
    mica::os::send_with_fds(a.fd(), mica::as_bytes(half), {});
    a.close();
    BOOST_TEST(kind_of([&] { (void)b.receive(); }) == mica::ErrorKind::internal);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
