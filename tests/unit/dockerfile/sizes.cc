#include "dockerfile/sizes.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(sizes)

BOOST_AUTO_TEST_CASE(units_are_powers_of_1024)
{
    BOOST_TEST(parse_size("100").value() == 100U);
    BOOST_TEST(parse_size("100b").value() == 100U);
    BOOST_TEST(parse_size("2k").value() == 2048U);
    BOOST_TEST(parse_size("2KB").value() == 2048U);
    BOOST_TEST(parse_size("2kib").value() == 2048U);
    BOOST_TEST(parse_size("1.5m").value() == 1572864U);
    BOOST_TEST(parse_size("1 g").value() == 1073741824U);
    BOOST_TEST(parse_size("1t").value() == 1099511627776U);
}

BOOST_AUTO_TEST_CASE(other_texts_are_none)
{
    for (const auto *text :
         {"", "m", "-1", "1x", "1bb", "1mx", "1mib2", "x1", "1..5", "nan", "99999999999p", "1miib"})
        BOOST_TEST(!parse_size(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
