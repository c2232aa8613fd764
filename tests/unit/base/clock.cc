#include "base/clock.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_DATA_TEST_CASE(times_are_written_as_they_were_read,
                     data::make(std::vector<std::string>{
                         "1970-01-01T00:00:00Z", "2023-11-14T22:13:20Z", "2024-02-29T23:59:59.5Z",
                         "1969-12-31T23:59:59.999999999Z", "2261-01-01T00:00:00Z"}))
{
    BOOST_TEST(format_rfc3339(parse_rfc3339(sample)) == sample);
}

BOOST_DATA_TEST_CASE(offsets_are_taken_out, data::make(std::vector<std::string>{
                                                "2023-11-14T23:13:20+01:00", "2023-11-14T16:43:20-05:30",
                                                "2023-11-14t22:13:20z", "2023-11-14T22:13:20.000+00:00"}))
{
    BOOST_TEST(format_rfc3339(parse_rfc3339(sample)) == "2023-11-14T22:13:20Z");
}

BOOST_DATA_TEST_CASE(what_is_no_time_is_refused,
                     data::make(std::vector<std::string>{
                         "", "2023", "2023-11-14", "2023-13-14T22:13:20Z", "2023-02-29T22:13:20Z",
                         "2023-11-14T24:13:20Z", "2023-11-14T22:60:20Z", "2023-11-14T22:13:20",
                         "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20+24:00", "2023-11-14T22:13:20Zx",
                         "-023-11-14T22:13:20Z", "2023-11-14T22:13:20+0100"}))
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_rfc3339(sample)), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_counted_are_the_nearest_that_can)
{
    BOOST_TEST((parse_rfc3339("0001-01-01T00:00:00Z") == Time::min()));
    BOOST_TEST((parse_rfc3339("9999-12-31T23:59:59Z") == Time::max()));
}

BOOST_AUTO_TEST_CASE(seconds_since_1970)
{
    BOOST_TEST(format_rfc3339(from_unix(1'700'000'000)) == "2023-11-14T22:13:20Z");
    BOOST_TEST(format_rfc3339(from_unix(-1)) == "1969-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_SUITE_END()
