#include "context/ignore.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace mica;
using namespace mica::context;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(ignore_list)

struct MatchCase {
    std::vector<std::string> patterns;
    const char *path;
    bool ignored;
    friend std::ostream &operator<<(std::ostream &out, const MatchCase &c)
    {
        for (const auto &pattern : c.patterns)
            out << '"' << pattern << "\" ";
        return out << "on " << c.path;
    }
};

const std::vector<MatchCase> cases = {
    // plain names hold for the root only, and for all that is below
    {{"node_modules"}, "node_modules", true},
    {{"node_modules"}, "node_modules/a/b.js", true},
    {{"node_modules"}, "web/node_modules", false},
    {{"node_modules"}, "node_modules2", false},
    {{"a/b"}, "a", false},
    {{"./a//b/"}, "a/b/c", true},
    // one star stays in its component
    {{"*.log"}, "x.log", true},
    {{"*.log"}, "logs/x.log", false},
    {{"*/x"}, "a/x/y", true},
    {{"*/x"}, "a/b/x", false},
    {{"*"}, ".hidden/file", true},
    // two go through
    {{"**"}, "any/thing", true},
    {{"**/x"}, "x", true},
    {{"**/x"}, "a/b/x/y", true},
    {{"**/x"}, "ax", false},
    {{"**x"}, "a/prefix", true},
    {{"a/**"}, "a", false},
    {{"a/**"}, "a/b/c", true},
    {{"a**"}, "abc/d", true},
    {{"a/**/z"}, "a/z", true},
    {{"a/**/z"}, "a/b/c/z", true},
    {{"a/**/z"}, "a/bz", false},
    {{"**/*.md"}, "a/b.md", true},
    {{"***"}, "abc", true},
    // a class may match a slash, "?" may not
    {{"a[^b]c"}, "a/c", true},
    {{"a?c"}, "a/c", false},
    {{"a[+-9]c"}, "a/c", true},
    // the last word counts
    {{"a", "!a/b"}, "a/b/c", false},
    {{"a", "!a/b"}, "a/c", true},
    {{"!a/b", "a"}, "a/b", true},
    {{"a", "!a/b", "a/b/c"}, "a/b/c", true},
    {{"*", "!*.md", "README-secret.md"}, "README.md", false},
    {{"*", "!*.md", "README-secret.md"}, "README-secret.md", true},
    {{"!a"}, "a", false},
    // blanks around a pattern are none of it
    {{"  a\t"}, "a", true},
    {{"", " "}, "a", false},
    // paths are cleaned, and the root is never ignored
    {{"a"}, "./a/", true},
    {{"*"}, ".", false},
    {{"**"}, "", false},
    // ".." cancels what stands before it, "!" and all
    {{"!a/../b"}, "b", true},
};

BOOST_DATA_TEST_CASE(decides_for_a_path_and_what_is_above_it, data::make(cases))
{
    BOOST_TEST(IgnoreList{sample.patterns}.matches_or_parent(sample.path) == sample.ignored);
}

BOOST_AUTO_TEST_CASE(matches_without_parents_looks_at_one_depth)
{
    const IgnoreList list{{"a*", "x/y"}};
    BOOST_TEST(list.matches("ab"));
    BOOST_TEST(list.matches("ab/c"));
    BOOST_TEST(list.matches("x/y/z"));
    BOOST_TEST(!list.matches("x/a"));
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_pattern)
{
    const auto lone = test::error_of([] { IgnoreList{{"!"}}; });
    BOOST_TEST(lone.message() == "illegal exclusion pattern: \"!\"");
    BOOST_TEST(lone.hint().has_value());
    const auto range = test::error_of([] { IgnoreList{{"[Local-Only]/"}}; });
    BOOST_TEST(test::contains(range.message(), "syntax error in pattern \"[Local-Only]\""));
}

BOOST_AUTO_TEST_CASE(knows_where_exceptions_may_be)
{
    const IgnoreList list{{"*", "!src/*.c", "!doc/**/x", "!top"}};
    BOOST_TEST(list.may_have_exceptions_below("src"));
    BOOST_TEST(!list.may_have_exceptions_below("src/sub"));
    BOOST_TEST(list.may_have_exceptions_below("doc"));
    BOOST_TEST(list.may_have_exceptions_below("doc/a/b/c"));
    BOOST_TEST(!list.may_have_exceptions_below("other"));
    BOOST_TEST(!list.may_have_exceptions_below("top"));
    BOOST_TEST(list.may_match_below("anything") == false);
    BOOST_TEST((IgnoreList{{"a/b/c"}}.may_match_below("a/b")));
    BOOST_TEST((!IgnoreList{{"a/b/c"}}.may_match_below("a/x")));
    BOOST_TEST((IgnoreList{{"a[^b]c"}}.may_match_below("a")));
}

BOOST_AUTO_TEST_CASE(an_empty_one_ignores_nothing)
{
    BOOST_TEST(IgnoreList{}.empty());
    BOOST_TEST(!IgnoreList{}.matches_or_parent("a"));
    IgnoreList from{{"a"}};
    const IgnoreList to{std::move(from)};
    BOOST_TEST(to.matches_or_parent("a"));
}

BOOST_AUTO_TEST_SUITE_END()
