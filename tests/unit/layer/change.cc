#include "layer/change.hh"

#include "base/error.hh"
#include "trees.hh"
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace mica::layer::test {

BOOST_AUTO_TEST_SUITE(change)

BOOST_AUTO_TEST_CASE(paths_are_ordered_by_component_and_a_directory_stands_before_its_content)
{
    const std::vector<std::string> ordered{"", "a", "a/b", "a/b/c", "a/b.c", "a!", "a.b", "aa", "b", "\xff"};
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j)
            BOOST_TEST(path_less(ordered[i], ordered[j]) == (i < j), ordered[i] << " and " << ordered[j]);
}

BOOST_AUTO_TEST_CASE(a_list_gives_its_changes_in_order)
{
    ChangeList list{{directory("a"), file("a/b"), removal("c")}};
    std::vector<Change> seen;
    list.visit([&](const Change &change) { seen.push_back(change); }, {});
    BOOST_TEST(summary(seen) == (std::vector<std::string>{"+a", "+a/b", "-c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stopped_list_gives_nothing_more)
{
    ChangeList list{{directory("a"), file("a/b")}};
    std::stop_source stop;
    int seen = 0;
    const auto visit = [&](const Change &) {
        ++seen;
        stop.request_stop();
    };
    BOOST_CHECK_THROW(list.visit(visit, stop.get_token()), Cancelled);
    BOOST_TEST(seen == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
