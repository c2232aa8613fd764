#include "base/text.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
namespace data = boost::unit_test::data;
using Views = std::vector<std::string_view>;
using Strings = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(splitting_keeps_empty_parts)
{
    BOOST_TEST(split("a,,b,", ',') == (Views{"a", "", "b", ""}), boost::test_tools::per_element());
    BOOST_TEST(split("", ',') == Views{""}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(trimming)
{
    BOOST_TEST(trim(" \t a b \r\n") == "a b");
    BOOST_TEST(trim("   ").empty());
    BOOST_TEST(trim("xxaxx", "x") == "a");
}

BOOST_AUTO_TEST_CASE(case_is_that_of_ascii)
{
    BOOST_TEST(to_lower("FROM \xc3\x84") == "from \xc3\x84");
    BOOST_TEST(to_upper("run") == "RUN");
    BOOST_TEST(equal_ignoring_case("CoPy", "cOpY"));
    BOOST_TEST(!equal_ignoring_case("copy", "copyx"));
}

BOOST_AUTO_TEST_CASE(joining)
{
    BOOST_TEST(join(Strings{"a", "b"}, ", ") == "a, b");
    BOOST_TEST(join(Strings{}, ", ").empty());
}

BOOST_DATA_TEST_CASE(the_nearest_word_is_found,
                     data::make(Strings{"FRM", "coppy", "wrokdir", "WORKDI"}) ^
                         data::make(Strings{"from", "copy", "workdir", "workdir"}),
                     word, expected)
{
    const Strings words{"from", "copy", "workdir", "env", "run"};
    BOOST_TEST(nearest(word, words).value_or("(none)") == expected);
}

BOOST_AUTO_TEST_CASE(what_is_far_from_all_has_no_nearest)
{
    const Strings words{"from", "copy"};
    BOOST_TEST(!nearest("healthcheck", words).has_value());
    BOOST_TEST(!nearest(std::string(1'000'000, 'x'), words).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
