#include "registry/challenge.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using mica::registry::Challenge;
namespace data = boost::unit_test::data;

namespace {
std::vector<Challenge> parse(std::string_view header)
{
    return mica::registry::parse_challenges(std::array{header});
}
} // namespace

BOOST_AUTO_TEST_CASE(dockers_challenge)
{
    const auto all = parse(
        R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push")");
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].scheme == "bearer");
    BOOST_TEST(all[0].parameter("realm") == "https://auth.docker.io/token");
    BOOST_TEST(all[0].parameter("scope") == "repository:a/b:pull,push");
    BOOST_TEST(all[0].parameter("error") == "");
}

BOOST_AUTO_TEST_CASE(several_challenges_in_one_header)
{
    const auto all =
        parse(R"(Negotiate, Basic realm="a, b", charset=UTF-8 , bEaReR Realm = "https://t/" , SERVICE=s)");
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST(all[0].scheme == "negotiate");
    BOOST_TEST(all[1].parameter("realm") == "a, b");
    BOOST_TEST(all[1].parameter("charset") == "UTF-8");
    BOOST_TEST(all[2].scheme == "bearer");
    BOOST_TEST(all[2].parameter("realm") == "https://t/");
    BOOST_TEST(all[2].parameter("service") == "s");
}

BOOST_AUTO_TEST_CASE(several_headers)
{
    const std::array<std::string_view, 2> headers{"Basic realm=x", "Bearer realm=y"};
    const auto all = mica::registry::parse_challenges(headers);
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[1].parameter("realm") == "y");
}

BOOST_AUTO_TEST_CASE(quotes_may_be_escaped)
{
    BOOST_TEST(parse(R"(Basic realm="say \"hi\"")").at(0).parameter("realm") == R"(say "hi")");
}

BOOST_AUTO_TEST_CASE(a_blob_in_place_of_parameters)
{
    const auto all = parse(R"(Negotiate YII/ab+c==, Basic realm="x")");
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0].parameters.empty());
    BOOST_TEST(all[1].scheme == "basic");
}

BOOST_AUTO_TEST_CASE(an_unquoted_address)
{
    BOOST_TEST(parse("Bearer realm=https://t.example/token,service=s").at(0).parameter("realm") ==
               "https://t.example/token");
}

BOOST_AUTO_TEST_CASE(a_quote_that_never_ends_keeps_what_was_before)
{
    const auto all = parse(R"(Bearer realm="https://t/",service="abc)");
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].parameter("realm") == "https://t/");
    BOOST_TEST(all[0].parameter("service") == "");
}

BOOST_DATA_TEST_CASE(nonsense_is_no_challenge, data::make({"", " , ,", "=", "\"\"", ",=,="}), header)
{
    BOOST_TEST(parse(header).empty());
}

BOOST_AUTO_TEST_CASE(the_number_of_challenges_is_bounded)
{
    std::string header;
    for (int i = 0; i < 1000; ++i)
        header += "A x=y, ";
    BOOST_TEST(parse(header).size() <= 16U);
}
