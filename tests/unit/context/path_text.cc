#include "context/path_text.hh"

#include "context/utf8.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace mica::context;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(paths_as_text)

struct PathCase {
    const char *text, *clean, *rooted;
    friend std::ostream &operator<<(std::ostream &out, const PathCase &c) { return out << c.text; }
};

const PathCase paths[] = {
    {"", ".", ""},
    {".", ".", ""},
    {"/", "/", ""},
    {"a//b/", "a/b", "a/b"},
    {"./a/.", "a", "a"},
    {"a/../b", "b", "b"},
    {"..", "..", ""},
    {"../../a", "../../a", "a"},
    {"a/../../b", "../b", "b"},
    {"/../a", "/a", "a"},
    {"/a/b/../..", "/", ""},
    {"...", "...", "..."},
};

BOOST_DATA_TEST_CASE(are_brought_into_one_form, data::make(paths))
{
    BOOST_TEST(clean_path(sample.text) == sample.clean);
    BOOST_TEST(rooted_path(sample.text) == sample.rooted);
}

BOOST_AUTO_TEST_CASE(are_joined_and_taken_apart)
{
    BOOST_TEST(join_path("", "a") == "a");
    BOOST_TEST(join_path("a", "") == "a");
    BOOST_TEST(join_path("a", "b") == "a/b");
    BOOST_TEST(parent_path("a/b/c") == "a/b");
    BOOST_TEST(parent_path("a") == "");
    BOOST_TEST(base_name("a/b") == "b");
    BOOST_TEST(base_name("b") == "b");
    BOOST_TEST(is_at_or_below("a/b", "a"));
    BOOST_TEST(is_at_or_below("a", "a"));
    BOOST_TEST(is_at_or_below("a", ""));
    BOOST_TEST(!is_at_or_below("ab", "a"));
}

BOOST_AUTO_TEST_CASE(lose_white_space_of_any_script)
{
    BOOST_TEST(trim_unicode("\t \u00a0\u3000a b\u2003\r ") == "a b");
    BOOST_TEST(trim_unicode("\u3000") == "");
    BOOST_TEST(trim_unicode("\xff ") == "\xff");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_count_one_by_one)
{
    for (const std::string bad :
         {"\xff", "\xc0\xaf", "\xe2\x98", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80"}) {
        BOOST_TEST(decode_utf8(bad).size == 1U);
        BOOST_TEST((decode_utf8(bad).code == replacement_character));
    }
    BOOST_TEST(decode_utf8("\U0001f600").size == 4U);
    BOOST_TEST((decode_utf8("\U0001f600").code == U'\U0001f600'));
}

BOOST_AUTO_TEST_SUITE_END()
