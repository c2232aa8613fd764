#include "net/redirect.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::net;
namespace data = boost::unit_test::data;

namespace {

Request request()
{
    return {.url = Url::parse("https://r.example/v2/a"),
            .headers = {{"Authorization", "Basic x"}, {"Cookie", "c"}, {"Range", "bytes=1-"}}};
}

bool keeps_secrets(const char *location)
{
    const auto next = redirected(request(), 307, Headers{{"Location", location}});
    BOOST_REQUIRE(next.has_value());
    BOOST_TEST(next->headers.find("Range").has_value());
    BOOST_TEST(next->headers.find("Cookie").has_value() == next->headers.find("Authorization").has_value());
    return next->headers.find("Authorization").has_value();
}

} // namespace

BOOST_DATA_TEST_CASE(secrets_go_to_the_same_origin, data::make({"/b", "https://r.example:443/b", "b?x"}),
                     location)
{
    BOOST_TEST(keeps_secrets(location));
}

BOOST_DATA_TEST_CASE(secrets_go_nowhere_else,
                     data::make({"https://s.example/b", "https://r.example:8443/b", "http://r.example/b",
                                 "//s.example/"}),
                     location)
{
    BOOST_TEST(!keeps_secrets(location));
}

BOOST_DATA_TEST_CASE(other_statuses_are_answers, data::make({200, 201, 300, 304, 400}), status)
{
    BOOST_TEST(!redirected(request(), status, Headers{{"Location", "/b"}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_redirect_to_nowhere_is_an_answer)
{
    BOOST_TEST(!redirected(request(), 307, Headers{}).has_value());
}

BOOST_AUTO_TEST_CASE(a_redirect_to_a_file_is_an_error)
{
    BOOST_CHECK_THROW(
        static_cast<void>(redirected(request(), 302, Headers{{"Location", "file:///etc/shadow"}})), Error);
}
