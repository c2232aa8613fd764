#include "net/headers.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using net::Headers;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_CASE(names_are_compared_without_case)
{
    const Headers headers{{"Content-Type", "a"}};
    BOOST_TEST(headers.find("content-TYPE").value() == "a");
    BOOST_TEST(!headers.find("Content").has_value());
}

BOOST_AUTO_TEST_CASE(repeated_fields_are_all_there_in_order)
{
    Headers headers{{"A", "1"}, {"B", "2"}};
    headers.add("a", "3");
    const auto all = headers.all("A");
    BOOST_TEST(all.size() == 2U);
    BOOST_TEST(all.at(0) == "1");
    BOOST_TEST(all.at(1) == "3");
}

BOOST_AUTO_TEST_CASE(set_replaces_every_field_of_the_name)
{
    Headers headers{{"A", "1"}, {"a", "2"}};
    headers.set("A", "3");
    BOOST_TEST(headers.size() == 1U);
    BOOST_TEST(headers.find("a").value() == "3");
}

BOOST_DATA_TEST_CASE(a_value_cannot_smuggle_a_header_in, data::make({"x\r\nY: z", "x\ny", "x\ry"}), value)
{
    Headers headers;
    BOOST_CHECK_THROW(headers.add("A", value), Error);
    BOOST_CHECK_THROW(headers.set("A", value), Error);
}

BOOST_DATA_TEST_CASE(a_name_is_one_word, data::make({"", "A B", "A:", "A\r\nB"}), name)
{
    Headers headers;
    BOOST_CHECK_THROW(headers.add(name, "x"), Error);
}
