// Go's spans of time.
#include "cli/kaniko/duration.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace mica;
using namespace mica::cli::kaniko;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(kaniko_duration)

BOOST_AUTO_TEST_CASE(parts_add_up)
{
    BOOST_TEST(parse_duration("336h").count() == 336 * 3600);
    BOOST_TEST(parse_duration("1h30m").count() == 5400);
    BOOST_TEST(parse_duration("1.5h").count() == 5400);
    BOOST_TEST(parse_duration("+90s").count() == 90);
    BOOST_TEST(parse_duration(".5m").count() == 30);
    BOOST_TEST(parse_duration("2000ms").count() == 2);
    BOOST_TEST(parse_duration("1500000\u00b5s").count() == 1);
    BOOST_TEST(parse_duration("999ns").count() == 0);
    BOOST_TEST(parse_duration("0").count() == 0);
}

BOOST_DATA_TEST_CASE(what_is_none,
                     data::make({"", "1", "h", "-1h", "1h-5m", "1d", "1h ", "inf", "nanh", "1e3h",
                                 "99999999999h"}),
                     text)
{
    BOOST_CHECK_THROW((void)parse_duration(text), Error);
}

BOOST_AUTO_TEST_SUITE_END()
