#include "sandbox/id_map.hh"

#include <boost/test/unit_test.hpp>

namespace {

using mica::sandbox::identity_of;
using mica::sandbox::IdRange;
using mica::sandbox::map_text;
using mica::sandbox::rootless_map;

BOOST_AUTO_TEST_SUITE(sandbox_id_map)

BOOST_AUTO_TEST_CASE(the_user_is_root_and_its_ranges_follow)
{
    const auto map = rootless_map("root:1:1\nalice:100000:65536\nbob:200000:65536\n", "alice", 1000, 1000);
    BOOST_TEST((map == std::vector<IdRange>{{0, 1000, 1}, {1, 100000, 65536}}));
}

BOOST_AUTO_TEST_CASE(several_ranges_are_joined)
{
    const auto map = rootless_map("alice:100000:1000\nalice:300000:5\n", "alice", 1000, 7);
    BOOST_TEST(map_text(map) == "0 7 1\n1 100000 1000\n1001 300000 5\n");
}

BOOST_AUTO_TEST_CASE(a_user_may_be_named_by_number)
{
    BOOST_TEST(map_text(rootless_map("1000:100000:10\n", "", 1000, 1000)) == "0 1000 1\n1 100000 10\n");
}

BOOST_AUTO_TEST_CASE(lines_of_others_and_broken_ones_are_skipped)
{
    BOOST_TEST(map_text(rootless_map("\nalice\nalice:x:5\nalice:5:\n:1:2\nbob:1:2\n", "alice", 1000, 1000)) ==
               "0 1000 1\n");
}

BOOST_AUTO_TEST_CASE(an_identity_has_what_the_namespace_has)
{
    BOOST_TEST(map_text(identity_of("         0          0 4294967295\n")) == "0 0 4294967295\n");
    BOOST_TEST(
        map_text(identity_of("         0       1000          1\n         1     100000      65536\n")) ==
        "0 0 1\n1 1 65536\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
