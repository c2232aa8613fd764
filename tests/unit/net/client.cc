#include "net/client.hh"

#include "base/error.hh"
#include "net/failure.hh"
#include "support/http_server.hh"
#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <numeric>
#include <thread>

using namespace mica;
using namespace mica::net;
using namespace std::chrono_literals;
using test::HttpRequest;
using test::HttpResponse;
using test::HttpServer;

namespace {

constexpr std::uint64_t plenty = 64 << 20;

HttpResponse echo(const HttpRequest &request)
{
    return {.headers = {{"X-Method", request.method}, {"X-Query", request.query}}, .body = request.body};
}

Url at(const HttpServer &server, const std::string &path)
{
    return Url::parse(server.url() + path);
}

std::string pattern(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 31 + i / 997) & 0xff);
    return bytes;
}

Body stream_of(const std::string &bytes)
{
    return StreamBody{[&bytes] { return std::make_unique<StringSource>(bytes); }, bytes.size()};
}

FailureKind failure_of(Client &client, const Request &request)
{
    try {
        static_cast<void>(client.send(request, plenty, {}));
    } catch (const Failure &failure) {
        BOOST_TEST_MESSAGE(failure.message());
        return failure.failure();
    }
    BOOST_FAIL("there was an answer");
    return FailureKind::other;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_get_brings_status_headers_and_body)
{
    HttpServer server{[](const HttpRequest &) {
        return HttpResponse{.status = 404, .headers = {{"X-A", "1"}, {"x-a", "2"}}, .body = "no such thing"};
    }};
    Client client;
    const auto response = client.send({.url = at(server, "/x")}, plenty, {});
    BOOST_TEST(response.status == 404);
    BOOST_TEST(response.headers.all("X-a").size() == 2U);
    BOOST_TEST(response.body == "no such thing");
}

BOOST_AUTO_TEST_CASE(headers_are_sent_and_no_content_type_or_expect_is_invented)
{
    HttpRequest seen;
    HttpServer server{[&](const HttpRequest &request) {
        seen = request;
        return HttpResponse{};
    }};
    Client client{Options{.user_agent = "mica/test"}};
    static_cast<void>(client.send({.method = Method::post,
                                   .url = at(server, "/x?a=b"),
                                   .headers = {{"X-A", "1"}, {"X-Empty", ""}},
                                   .body = std::string(2 << 20, 'x')},
                                  plenty, {}));
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.query == "a=b");
    BOOST_TEST(seen.header("x-a") == "1");
    BOOST_TEST(seen.header("User-Agent") == "mica/test");
    BOOST_TEST(seen.header("Expect") == "");
    BOOST_TEST(seen.header("Content-Type") == "");
    BOOST_TEST(seen.body.size() == 2U << 20);
}

BOOST_AUTO_TEST_CASE(an_empty_post_has_a_content_length)
{
    HttpRequest seen;
    HttpServer server{[&](const HttpRequest &request) {
        seen = request;
        return HttpResponse{.status = 202};
    }};
    Client client;
    BOOST_TEST(client.send({.method = Method::post, .url = at(server, "/")}, plenty, {}).status == 202);
    BOOST_TEST(seen.header("Content-Length") == "0");
}

BOOST_AUTO_TEST_CASE(a_stream_is_sent_with_its_length)
{
    HttpServer server{echo};
    Client client;
    const auto bytes = pattern(5'000'001);
    const auto response =
        client.send({.method = Method::put, .url = at(server, "/"), .body = stream_of(bytes)}, plenty, {});
    BOOST_TEST(response.headers.find("X-Method").value() == "PUT");
    BOOST_TEST((response.body == bytes));
}

BOOST_AUTO_TEST_CASE(one_connection_serves_one_request_after_the_other)
{
    HttpServer server{echo};
    Client client;
    for (int i = 0; i < 5; ++i)
        static_cast<void>(client.send({.url = at(server, "/")}, plenty, {}));
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_body_past_the_limit_is_cut)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.body = std::string(3 << 20, 'x')}; }};
    Client client;
    const auto response = client.send({.url = at(server, "/")}, 1000, {});
    BOOST_TEST(response.truncated);
    BOOST_TEST(response.body.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(what_is_not_read_is_not_fetched)
{
    const auto bytes = pattern(48 << 20);
    HttpServer server{[&](const HttpRequest &) { return HttpResponse{.body = bytes}; }};
    Client client;
    auto stream = client.open({.url = at(server, "/big")}, {});
    // Another exchange goes on while the first one is paused.
    std::this_thread::sleep_for(50ms);
    BOOST_TEST(client.send({.method = Method::head, .url = at(server, "/")}, plenty, {}).status == 200);
    BOOST_TEST((read_all(*stream.body) == bytes));
}

BOOST_AUTO_TEST_CASE(dropping_a_body_leaves_the_client_usable)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.body = std::string(16 << 20, 'x')}; }};
    Client client;
    client.open({.url = at(server, "/")}, {}).body.reset();
    BOOST_TEST(client.send({.url = at(server, "/")}, plenty, {}).body.size() == 16U << 20);
}

BOOST_AUTO_TEST_CASE(a_get_follows_redirects_and_drops_the_authorization_at_another_port)
{
    std::string seen = "not asked";
    HttpServer other{[&](const HttpRequest &request) {
        seen = request.header("Authorization");
        return HttpResponse{.body = "here"};
    }};
    HttpServer server{[&](const HttpRequest &request) {
        if (request.path == "/first")
            return HttpResponse{.status = 302, .headers = {{"Location", "/second"}}, .body = "moved"};
        BOOST_TEST(request.header("Authorization") == "Basic eDp5");
        return HttpResponse{.status = 307, .headers = {{"Location", other.url() + "/third"}}};
    }};
    Client client;
    const auto response =
        client.send({.url = at(server, "/first"), .headers = {{"Authorization", "Basic eDp5"}}}, plenty, {});
    BOOST_TEST(response.body == "here");
    BOOST_TEST(response.url.str() == other.url() + "/third");
    BOOST_TEST(seen == "");
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_redirect_loop_ends)
{
    HttpServer server{
        [](const HttpRequest &) { return HttpResponse{.status = 302, .headers = {{"Location", "/"}}}; }};
    Client client;
    BOOST_TEST((failure_of(client, {.url = at(server, "/")}) == FailureKind::other));
}

BOOST_AUTO_TEST_CASE(an_upload_is_not_redirected)
{
    HttpServer server{
        [](const HttpRequest &) { return HttpResponse{.status = 307, .headers = {{"Location", "/x"}}}; }};
    Client client;
    BOOST_TEST(
        client.send({.method = Method::put, .url = at(server, "/"), .body = std::string{"x"}}, plenty, {})
            .status == 307);
}

BOOST_AUTO_TEST_CASE(an_early_refusal_of_an_upload_is_the_answer)
{
    HttpServer server{echo, [](const HttpRequest &request) -> std::optional<test::HttpEarly> {
                          if (request.method != "PUT")
                              return std::nullopt;
                          // Close takes what is unread with it, so the whole body is taken in the end.
                          return test::HttpEarly{.take = 1 << 20,
                                                 .response = {.status = 401, .body = "who are you?"}};
                      }};
    Client client;
    const auto bytes = pattern(1 << 20);
    const auto response =
        client.send({.method = Method::put, .url = at(server, "/"), .body = stream_of(bytes)}, plenty, {});
    BOOST_TEST(response.status == 401);
    BOOST_TEST(client.send({.url = at(server, "/")}, plenty, {}).status == 200);
}

BOOST_DATA_TEST_CASE(an_early_refusal_ends_an_upload_whose_source_is_slow,
                     boost::unit_test::data::make(std::vector<std::string>{"close", "keep-alive"}))
{
    constexpr std::size_t half = 100'000;
    std::promise<void> answering;
    /// The second half is there only when the answer to the first one is.
    class Slow final : public Source {
    public:
        explicit Slow(std::shared_future<void> answering) : answering_{std::move(answering)} {}
        std::size_t read(std::span<std::byte> into) override
        {
            if (at_ == half) {
                answering_.wait();
                std::this_thread::sleep_for(100ms);
            }
            const auto count = std::min({into.size(), at_ < half ? half - at_ : half, 2 * half - at_});
            at_ += count;
            return count;
        }

    private:
        std::shared_future<void> answering_;
        std::size_t at_ = 0;
    };
    HttpServer server{echo, [&](const HttpRequest &) -> std::optional<test::HttpEarly> {
                          answering.set_value();
                          return test::HttpEarly{.take = half,
                                                 .response = {.status = 429,
                                                              .headers = {{"Connection", sample}},
                                                              .body = "slowly",
                                                              .drip = 50ms}};
                      }};
    Client client;
    const std::shared_future<void> answered{answering.get_future()};
    const Request request{
        .method = Method::put,
        .url = at(server, "/"),
        .body = StreamBody{[&] { return std::make_unique<Slow>(answered); }, std::uint64_t{2} * half}};
    std::stop_source patience;
    auto waiting = std::async(std::launch::async,
                              [&] { return client.send(request, plenty, patience.get_token()).body; });
    if (waiting.wait_for(20s) == std::future_status::timeout)
        patience.request_stop();
    BOOST_TEST(waiting.get() == "slowly");
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_died_costs_nothing_but_a_second_reading_of_the_body)
{
    std::atomic<int> served = 0;
    HttpServer server{echo, [&](const HttpRequest &) -> std::optional<test::HttpEarly> {
                          // The second request of the first connection finds it closed.
                          if (++served == 2)
                              return test::HttpEarly{.take = 100'000, .response = {.hang_up = true}};
                          return std::nullopt;
                      }};
    Client client;
    const auto bytes = pattern(3'000'000);
    std::atomic<int> opened = 0;
    static_cast<void>(client.send({.url = at(server, "/")}, plenty, {}));
    const auto body = StreamBody{[&] {
                                     ++opened;
                                     return std::make_unique<StringSource>(bytes);
                                 },
                                 bytes.size()};
    try {
        const auto response =
            client.send({.method = Method::put, .url = at(server, "/"), .body = body}, plenty, {});
        BOOST_TEST((response.body == bytes));
        BOOST_TEST(opened == 2);
    } catch (const Failure &failure) {
        // libcurl sends again only when it saw the end before it failed to write; both are right.
        BOOST_TEST((failure.failure() == FailureKind::broken));
    }
}

BOOST_AUTO_TEST_CASE(nobody_listens)
{
    std::uint16_t port = 0;
    {
        HttpServer server{echo};
        port = server.port();
    }
    Client client;
    const Request request{.url = Url::parse("http://127.0.0.1:" + std::to_string(port) + "/")};
    BOOST_TEST((failure_of(client, request) == FailureKind::refused));
}

BOOST_AUTO_TEST_CASE(a_name_without_an_address_is_told_as_that_each_time)
{
    Client client;
    const Request request{.url = Url::parse("http://nowhere.invalid/"), .direct = true};
    for (int attempt = 0; attempt < 3; ++attempt)
        BOOST_TEST((failure_of(client, request) == FailureKind::resolve));
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.hang_up = true}; }};
    Client client;
    BOOST_TEST((failure_of(client, {.url = at(server, "/")}) == FailureKind::broken));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_cut_is_told_from_one_that_ends)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.body = "0123456789", .cut_after = 4}; }};
    Client client;
    const auto stream = client.open({.url = at(server, "/")}, {});
    BOOST_CHECK_THROW(static_cast<void>(read_all(*stream.body)), Failure);
}

BOOST_AUTO_TEST_CASE(no_tls_where_tls_is_asked)
{
    HttpServer server{echo};
    Client client;
    const Request request{.url = Url::parse("https://127.0.0.1:" + std::to_string(server.port()) + "/")};
    const auto kind = failure_of(client, request);
    BOOST_TEST((kind == FailureKind::tls || kind == FailureKind::broken));
}

BOOST_AUTO_TEST_CASE(a_silent_server_times_out)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.delay = 600ms}; }};
    Client client{Options{.response_timeout = 50ms}};
    BOOST_TEST((failure_of(client, {.url = at(server, "/")}) == FailureKind::timeout));
}

BOOST_AUTO_TEST_CASE(a_body_that_trickles_is_given_up)
{
    HttpServer server{
        [](const HttpRequest &) { return HttpResponse{.body = std::string(400, 'x'), .drip = 20ms}; }};
    Client client{Options{.stall_timeout = 100ms}};
    BOOST_TEST((failure_of(client, {.url = at(server, "/")}) == FailureKind::timeout));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait)
{
    HttpServer server{[](const HttpRequest &) { return HttpResponse{.delay = 500ms}; }};
    Client client;
    std::stop_source source;
    const std::jthread stopper{[&] {
        std::this_thread::sleep_for(50ms);
        source.request_stop();
    }};
    const auto start = std::chrono::steady_clock::now();
    BOOST_CHECK_THROW(static_cast<void>(client.send({.url = at(server, "/")}, plenty, source.get_token())),
                      Cancelled);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 400ms));
}

BOOST_AUTO_TEST_CASE(what_the_body_throws_comes_out)
{
    class Broken final : public Source {
    public:
        std::size_t read(std::span<std::byte>) override { throw Error{ErrorKind::io, "the disk is gone"}; }
    };
    HttpServer server{echo};
    Client client;
    const Request request{.method = Method::put,
                          .url = at(server, "/"),
                          .body = StreamBody{[] { return std::make_unique<Broken>(); }, 10}};
    BOOST_CHECK_EXCEPTION(static_cast<void>(client.send(request, plenty, {})), Error,
                          [](const Error &error) { return error.message() == "the disk is gone"; });
}

BOOST_AUTO_TEST_CASE(a_body_shorter_than_promised_is_an_error)
{
    HttpServer server{echo};
    Client client;
    const Request request{.method = Method::put,
                          .url = at(server, "/"),
                          .body = StreamBody{[] { return std::make_unique<StringSource>("short"); }, 10}};
    BOOST_CHECK_EXCEPTION(static_cast<void>(client.send(request, plenty, {})), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_AUTO_TEST_CASE(a_body_may_be_read_through_the_same_client)
{
    const auto bytes = pattern(6'000'000);
    HttpServer from{[&](const HttpRequest &) { return HttpResponse{.body = bytes}; }};
    HttpServer to{echo};
    Client client;
    const StreamBody body{[&] { return std::move(client.open({.url = at(from, "/")}, {}).body); },
                          bytes.size()};
    BOOST_TEST(
        (client.send({.method = Method::put, .url = at(to, "/"), .body = body}, plenty, {}).body == bytes));
}

BOOST_AUTO_TEST_CASE(many_threads_share_a_client)
{
    const auto bytes = pattern(300'000);
    HttpServer server{[&](const HttpRequest &) { return HttpResponse{.body = bytes}; }};
    Client client;
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j < 10; ++j)
                    right += client.send({.url = at(server, "/")}, plenty, {}).body == bytes ? 1 : 0;
            });
    }
    BOOST_TEST(right == 80);
    BOOST_TEST(server.connections() <= 16U);
}
