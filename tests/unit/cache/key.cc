#include "cache/key.hh"

#include <boost/test/unit_test.hpp>

using namespace mica::cache;

BOOST_AUTO_TEST_SUITE(cache_key)

BOOST_AUTO_TEST_CASE(equal_parts_make_equal_keys)
{
    BOOST_TEST((make_key({{"a", "1"}, {"b", "2"}}) == make_key({{"a", "1"}, {"b", "2"}})));
}

BOOST_AUTO_TEST_CASE(a_changed_value_makes_another_key)
{
    BOOST_TEST((make_key({{"a", "1"}}) != make_key({{"a", "2"}})));
}

BOOST_AUTO_TEST_CASE(bytes_cannot_move_between_parts)
{
    BOOST_TEST((make_key({{"a", "1b"}, {"c", ""}}) != make_key({{"a", "1"}, {"bc", ""}})));
}

BOOST_AUTO_TEST_CASE(the_order_of_parts_counts)
{
    BOOST_TEST((make_key({{"a", "1"}, {"b", "2"}}) != make_key({{"b", "2"}, {"a", "1"}})));
}

BOOST_AUTO_TEST_CASE(lists_with_other_borders_are_other_values)
{
    BOOST_TEST(frame_list({"ab", "c"}) != frame_list({"a", "bc"}));
}

// The bytes of the format: an entry of an older mica must not be found by accident.
BOOST_AUTO_TEST_CASE(the_format_is_pinned)
{
    BOOST_TEST(make_key({{"op", "run"}}).value.hex() ==
               "eedded4ab6ce6639ec97edc1dc73a694b528bad621eccf114873100c2f41f0c1");
}

BOOST_AUTO_TEST_SUITE_END()
