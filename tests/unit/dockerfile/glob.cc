#include "dockerfile/glob.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;

struct Trim {
    std::string value, pattern, shortest, longest;
};
std::ostream &operator<<(std::ostream &out, const Trim &row)
{
    return out << row.value << " by " << row.pattern;
}

const Trim prefixes[] = {
    {"a/b/c", "*/", "b/c", "c"},
    {"a/b/c", "/", "a/b/c", "a/b/c"},
    {"abc", "?", "bc", "bc"},
    {"abc", "*", "abc", ""},
    {"abc", "", "abc", "abc"},
    {"aXbXb", "a*b", "Xb", ""},
    {"v1.2.3", "v*.", "2.3", "3"},
    {"a*b", "a\\*", "b", "b"},
    {"axb", "a\\*", "axb", "axb"},
    {"\\b", "\\\\", "b", "b"},
    {"}b", "\\}", "b", "b"},
    {"a.b", "a.", "b", "b"},
    {"axb", "a.", "axb", "axb"},
    {"[x]y", "[x]", "y", "y"},
    {"\u00e9t\u00e9", "?", "t\u00e9", "t\u00e9"},
    {"one\ntwo", "*", "one\ntwo", "\ntwo"},
    {"one\ntwo", "*two", "one\ntwo", "one\ntwo"},
};

const Trim suffixes[] = {
    {"a/b/c", "/*", "a/b", "a"},  {"x.tar.gz", ".*", "x.tar", "x"},
    {"abc", "?", "ab", "ab"},     {"abc", "*", "abc", ""},
    {"bXbXa", "b*a", "bX", ""},   {"ab*", "\\*", "ab", "ab"},
    {"ab\\", "\\\\", "ab", "ab"}, {"\u00e9t\u00e9", "?", "\u00e9t", "\u00e9t"},
    {"abc", "x*", "abc", "abc"},
};

struct Swap {
    std::string value, pattern, text, first, all;
};
std::ostream &operator<<(std::ostream &out, const Swap &row)
{
    return out << row.value << " by " << row.pattern;
}

const Swap swaps[] = {
    {"banana", "a", "o", "bonana", "bonono"},
    {"banana", "an", "", "bana", "ba"},
    {"banana", "a*a", "x", "bx", "bx"},
    {"banana", "?a", "x", "xnana", "xxx"},
    {"banana", "z", "x", "banana", "banana"},
    {"banana", "*", "x", "x", "x"},
    {"", "*", "x", "x", "x"},
    {"ab", "", "-", "-ab", "-a-b-"},
    {"a/b", "\\/", ":", "a:b", "a:b"},
    {"a$b", "$", "$1", "a$1b", "a$1b"},
    {"ab\ncd", "*", "x", "x\ncd", "x\nx"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(glob)

BOOST_DATA_TEST_CASE(prefixes_go, data::make(prefixes), row)
{
    BOOST_TEST(remove_prefix(row.value, row.pattern, false) == row.shortest);
    BOOST_TEST(remove_prefix(row.value, row.pattern, true) == row.longest);
}

BOOST_DATA_TEST_CASE(suffixes_go, data::make(suffixes), row)
{
    BOOST_TEST(remove_suffix(row.value, row.pattern, false) == row.shortest);
    BOOST_TEST(remove_suffix(row.value, row.pattern, true) == row.longest);
}

BOOST_DATA_TEST_CASE(matches_are_replaced, data::make(swaps), row)
{
    BOOST_TEST(replace(row.value, row.pattern, {row.text, false, 1000}) == row.first);
    BOOST_TEST(replace(row.value, row.pattern, {row.text, true, 1000}) == row.all);
}

BOOST_AUTO_TEST_CASE(other_escapes_are_refused)
{
    BOOST_TEST(contains(failure([] { return remove_prefix("x", "\\x", false); }), "unknown escape \\x"));
    BOOST_TEST(contains(failure([] { return remove_suffix("x", "x\\", false); }), "ends in a backslash"));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_makes_backtracking_explode_is_quick)
{
    const std::string value(20000, 'a');
    BOOST_TEST(remove_prefix(value, "*a*a*a*a*a*a*a*a*a*a*b", true) == value);
}

BOOST_AUTO_TEST_CASE(work_without_bound_is_refused)
{
    const std::string value(100000, 'a');
    BOOST_TEST(
        contains(failure([&] { return remove_prefix(value, value, true); }), "too long to be matched"));
    BOOST_TEST(contains(failure([&] { return replace(value, "a", {"aa", true, 150000}); }), "too long"));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_stay)
{
    BOOST_TEST(remove_prefix("\xff\xfe"
                             "a",
                             "?", false) == "\xfe"
                                            "a");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
