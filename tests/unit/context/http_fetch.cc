#include "context/http_fetch.hh"

#include "io/hash.hh"
#include "net/client.hh"
#include "support/errors.hh"
#include "support/http_server.hh"
#include "support/temporary_directory.hh"
#include <atomic>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::context;
using mica::test::HttpRequest;
using mica::test::HttpResponse;

namespace {

struct Fetching {
    test::TemporaryDirectory scratch;
    net::Client client;
    std::atomic<int> requests = 0;
    std::string authorization;
    test::HttpServer server{[this](const HttpRequest &request) { return answer(request); }};
    FetchAccess access{.network = [this]() -> net::Client & { return client; },
                       .scratch = scratch.path(),
                       .environment = {},
                       .secrets = {},
                       .ssh_agent = {},
                       .git_login = {}};

    HttpResponse answer(const HttpRequest &request)
    {
        ++requests;
        authorization = request.header("Authorization");
        if (request.path == "/file")
            return {.headers = {{"Last-Modified", "Mon, 10 Nov 2014 10:00:00 GMT"}}, .body = "content"};
        if (request.path == "/moved")
            return {.status = 302, .headers = {{"Location", "/file"}}};
        if (request.path == "/busy" && requests == 1)
            return {.status = 503, .headers = {{"Retry-After", "0"}}};
        if (request.path == "/cut" && requests == 1)
            return {.body = "whole", .cut_after = 2};
        if (request.path == "/secret")
            return {.status = 401};
        return request.path == "/none" ? HttpResponse{.status = 404} : HttpResponse{.body = "whole"};
    }

    Download get(const std::string &path, const std::string &checksum = {})
    {
        return download({.url = server.url() + path, .checksum = checksum}, access, {}, {});
    }
    static std::string text(const Download &file) { return read_all(*file.content->open()); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_fetch, Fetching)

BOOST_AUTO_TEST_CASE(a_file_has_bytes_digest_and_date)
{
    const auto file = get("/file");
    BOOST_TEST(text(file) == "content");
    BOOST_TEST(file.size == 7U);
    BOOST_TEST((file.digest == sha256("content")));
    BOOST_TEST((file.last_modified == from_unix(1415613600)));
}

BOOST_AUTO_TEST_CASE(redirects_are_followed)
{
    BOOST_TEST(text(get("/moved")) == "content");
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_tried_again)
{
    BOOST_TEST(text(get("/busy")) == "whole");
    BOOST_TEST(requests == 2);
}

BOOST_AUTO_TEST_CASE(a_broken_transfer_starts_anew)
{
    const auto file = get("/cut");
    BOOST_TEST(text(file) == "whole");
    BOOST_TEST((file.digest == sha256("whole")));
}

BOOST_AUTO_TEST_CASE(a_checksum_is_checked)
{
    BOOST_TEST(text(get("/file", sha256("content").str())) == "content");
    const auto error = test::error_of([&] { (void)get("/file", sha256("other").str()); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
    BOOST_TEST(test::contains(error.message(), sha256("content").str()));
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_not_found)
{
    const auto error = test::error_of([&] { (void)get("/none?token=hidden"); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(test::contains(error.message(), "404"));
    BOOST_TEST(!test::contains(error.message(), "hidden"));
    BOOST_TEST(requests == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_login_names_the_secret_to_lend)
{
    const auto error = test::error_of([&] { (void)get("/secret"); });
    BOOST_TEST((error.kind() == ErrorKind::denied));
    BOOST_REQUIRE(error.hint());
    BOOST_TEST(test::contains(*error.hint(), "HTTP_AUTH_TOKEN_127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_host_is_the_login)
{
    access.secrets["HTTP_AUTH_TOKEN_127.0.0.1"] = std::make_shared<StringContent>("s3cret\n");
    (void)get("/file");
    BOOST_TEST(authorization == "Bearer s3cret");
}

BOOST_AUTO_TEST_CASE(a_whole_header_wins_over_a_token)
{
    access.secrets["HTTP_AUTH_TOKEN_127.0.0.1"] = std::make_shared<StringContent>("s3cret");
    access.secrets["HTTP_AUTH_HEADER_127.0.0.1"] = std::make_shared<StringContent>("Custom x");
    (void)get("/file");
    BOOST_TEST(authorization == "Custom x");
}

BOOST_AUTO_TEST_CASE(progress_tells_of_all_bytes)
{
    std::uint64_t done = 0, total = 0;
    (void)download({.url = server.url() + "/file"}, access,
                   [&](std::uint64_t now, std::uint64_t all) {
                       done = now;
                       total = all;
                   },
                   {});
    BOOST_TEST(done == 7U);
    BOOST_TEST(total == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
