#include "exec/squash.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

/// "x" for each entry with a layer, "-" for each without, after squashing.
std::string after(const std::string &entries, std::size_t layers, std::size_t left)
{
    std::vector<oci::History> history;
    for (const char c : entries) {
        history.emplace_back();
        history.back().empty_layer = c == '-';
    }
    squash_history(history, layers, left);
    std::string out;
    for (const auto &entry : history)
        out += entry.empty_layer ? '-' : 'x';
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(squashing)

BOOST_AUTO_TEST_CASE(the_last_entry_with_a_layer_keeps_one)
{
    BOOST_TEST(after("x-x-xx-", 3, 1) == "x----x-");
    BOOST_TEST(after("xx", 1, 1) == "xx");
}

BOOST_AUTO_TEST_CASE(none_does_where_nothing_is_left)
{
    BOOST_TEST(after("x-x-", 1, 0) == "x---");
}

BOOST_AUTO_TEST_SUITE_END()
