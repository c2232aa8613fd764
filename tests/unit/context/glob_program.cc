#include "context/glob_program.hh"

#include "context/glob_syntax.hh"
#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

using namespace mica;
using namespace mica::context;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(name_patterns)

struct NameCase {
    const char *pattern, *name;
    bool matches;
    friend std::ostream &operator<<(std::ostream &out, const NameCase &c)
    {
        return out << c.pattern << " on " << c.name;
    }
};

const NameCase names[] = {
    {"*", "", true},
    {"*", "anything", true},
    {"*", "a/b", false},
    {"*.go", "main.go", true},
    {"*.go", ".go", true},
    {"*.go", "main.goo", false},
    {"?", "x", true},
    {"?", "", false},
    {"?", "/", false},
    {"?", "\u263a", true},
    {"??", "\u263a", false},
    {"?", "\xff", true},
    {"a*b*c", "a1b2b3c", true},
    {"a*b*c", "a1b2b3", false},
    {"[abc]", "b", true},
    {"[a-c]", "d", false},
    {"[^a-c]", "d", true},
    {"[\u03b1-\u03c9]", "\u03b2", true},
    {"[?]", "?", true},
    {"[?]", "x", false},
    {"[*]", "*", true},
    {"arr[[]0]", "arr[0]", true},
    {"[\\]]", "]", true},
    {"[a\\-z]", "-", true},
    {"[a\\-z]", "b", false},
    {"\\*", "*", true},
    {"\\*", "x", false},
    {"\\d", "d", true},
    {"]", "]", true},
    {"a^b", "a^b", true},
};

BOOST_DATA_TEST_CASE(decide_by_the_documented_syntax, data::make(names))
{
    BOOST_TEST(compile_name_pattern(sample.pattern).matches(sample.name) == sample.matches);
}

const char *const broken[] = {"[",    "[a",      "[]",    "[]a]", "[^]", "[a-]",
                              "[-a]", "[a-b-c]", "[z-a]", "\\",   "[\\", "a["};

BOOST_DATA_TEST_CASE(refuse_what_has_no_meaning, data::make(broken))
{
    BOOST_TEST(test::kind_of([&] { (void)compile_name_pattern(sample); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(take_no_exponential_time)
{
    std::string pattern;
    for (int i = 0; i < 60; ++i)
        pattern += "*a";
    const auto program = compile_name_pattern(pattern + "b");
    const auto before = std::chrono::steady_clock::now();
    BOOST_TEST(!program.matches(std::string(20'000, 'a')));
    BOOST_TEST((std::chrono::steady_clock::now() - before < std::chrono::seconds{5}));
}

BOOST_AUTO_TEST_CASE(escapes_and_wildcards_are_told_apart)
{
    BOOST_TEST(has_wildcard("a*"));
    BOOST_TEST(has_wildcard("\\\\*"));
    BOOST_TEST(!has_wildcard("a\\*"));
    BOOST_TEST(!has_wildcard("a]"));
    BOOST_TEST(unescaped("a\\*b\\\\") == "a*b\\");
    BOOST_TEST(unescaped("a\\") == "a\\");
}

BOOST_AUTO_TEST_SUITE_END()
