#include "registry/refusal.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using registry::refusal_of;

BOOST_AUTO_TEST_CASE(the_registrys_own_words)
{
    const auto refused =
        refusal_of(403, {}, R"({"errors":[{"code":"DENIED","message":"User: arn:x is not authorized"}]})",
                   "r.example:443", "an upload to a/b");
    BOOST_TEST(refused.message() ==
               "r.example:443 refused an upload to a/b: User: arn:x is not authorized (DENIED) [HTTP 403]");
    BOOST_TEST((refused.kind() == ErrorKind::denied));
    BOOST_TEST(refused.hint().has_value());
}

BOOST_AUTO_TEST_CASE(plain_text_is_shown_on_one_line)
{
    const auto refused = refusal_of(400, {}, "  first\n\n\x1b[31msecond\r\n", "r", "x");
    BOOST_TEST(refused.message() == "r refused x: first [31msecond [HTTP 400]");
}

BOOST_AUTO_TEST_CASE(a_page_is_not_shown)
{
    BOOST_TEST(refusal_of(502, {}, "<html><h1>Bad Gateway</h1></html>", "r", "x").message() ==
               "r refused x: HTTP status 502");
}

BOOST_AUTO_TEST_CASE(long_words_are_cut)
{
    BOOST_TEST(refusal_of(500, {}, std::string(100'000, 'x'), "r", "x").message().size() < 1000U);
}

BOOST_AUTO_TEST_CASE(a_missing_repository_is_named_as_such)
{
    const auto refused = refusal_of(
        404, {}, R"({"errors":[{"code":"NAME_UNKNOWN","message":"no such repository"}]})", "r", "x");
    BOOST_TEST((refused.kind() == ErrorKind::not_found));
    BOOST_TEST(refused.hint().value().find("create the repository") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read)
{
    const auto refused = refusal_of(429, net::Headers{{"Retry-After", "7"}}, "", "r", "x");
    BOOST_TEST((refused.outcome().retry_after == std::chrono::seconds{7}));
    BOOST_TEST((refused.kind() == ErrorKind::network));
}

BOOST_AUTO_TEST_CASE(other_forms_of_errors)
{
    BOOST_TEST(registry::parse_api_errors(R"({"details":"incorrect username"})").at(0).message ==
               "incorrect username");
    BOOST_TEST(registry::parse_api_errors(R"({"message":"gone"})").at(0).message == "gone");
    BOOST_TEST(registry::parse_api_errors("not JSON").empty());
    BOOST_TEST(registry::parse_api_errors(R"({"errors":[1,null,{"code":5}]})").size() == 1U);
}
