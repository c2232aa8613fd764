#include "dockerfile/duration.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(units_are_known)
{
    BOOST_TEST(parse_duration("1ns") == 1);
    BOOST_TEST(parse_duration("1us") == 1'000);
    BOOST_TEST(parse_duration("1\u00b5s") == 1'000);
    BOOST_TEST(parse_duration("1\u03bcs") == 1'000);
    BOOST_TEST(parse_duration("1ms") == 1'000'000);
    BOOST_TEST(parse_duration("1s") == 1'000'000'000);
    BOOST_TEST(parse_duration("1m") == 60'000'000'000);
    BOOST_TEST(parse_duration("1h") == 3'600'000'000'000);
}

BOOST_AUTO_TEST_CASE(parts_add_up)
{
    BOOST_TEST(parse_duration("1h30m5.5s") == 5'405'500'000'000);
    BOOST_TEST(parse_duration("-1s1ms") == -1'001'000'000);
    BOOST_TEST(parse_duration("+2s") == 2'000'000'000);
}

BOOST_AUTO_TEST_CASE(fractions_are_exact)
{
    BOOST_TEST(parse_duration("0.3ms") == 300'000);
    BOOST_TEST(parse_duration(".5s") == 500'000'000);
    BOOST_TEST(parse_duration("1.s") == 1'000'000'000);
    BOOST_TEST(parse_duration("0.1h") == 360'000'000'000);
    BOOST_TEST(parse_duration("1.9ns") == 1);
}

BOOST_AUTO_TEST_CASE(zero_needs_no_unit)
{
    BOOST_TEST(parse_duration("0") == 0);
    BOOST_TEST(parse_duration("-0") == 0);
    BOOST_TEST(parse_duration("0s") == 0);
}

BOOST_AUTO_TEST_CASE(the_largest_one_fits)
{
    BOOST_TEST(parse_duration("9223372036854775807ns") == 9223372036854775807);
}

BOOST_AUTO_TEST_CASE(other_texts_are_refused)
{
    for (const auto *text :
         {"", "1", "-", "s", ".s", "1x", "1 s", "1s ", "1S", "1.5", "1s2", "--1s", "1d", "1e3s",
          "9223372036854775808ns", "99999999999h", "9223372036854775807ns1ns", "99999999999999999999ns"})
        BOOST_TEST(contains(failure([&] { return parse_duration(text); }), "invalid duration"), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
