#include "context/ignore.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace mica;
using namespace mica::context;
using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(ignore_lines)

BOOST_AUTO_TEST_CASE(lose_comments_blanks_and_decoration)
{
    const auto read =
        read_ignore_file("\xef\xbb\xbf# comment\r\n\n /abs/path \n./x/../y/\r\n # no comment\n#\nlast", "f");
    BOOST_TEST(read == (Lines{"abs/path", "y", "# no comment", "last"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keep_the_exclamation_mark_in_front)
{
    const auto read = read_ignore_file("! /keep\n!a//b\n!\n!/\n!!x\n", "f");
    BOOST_TEST(read == (Lines{"!keep", "!a/b", "!", "!/", "!!x"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_counts_only_at_the_start)
{
    BOOST_TEST(read_ignore_file("a\n\xef\xbb\xbf"
                                "b",
                                "f")
                   .at(1) == "\xef\xbb\xbf"
                             "b");
}

BOOST_AUTO_TEST_CASE(a_bad_one_is_named_by_file_and_line)
{
    const auto error = test::error_of([] { (void)read_valid_ignore_file("ok\n\n!\n", ".dockerignore"); });
    BOOST_TEST((error.kind() == ErrorKind::usage));
    BOOST_TEST(error.context().at(0) == ".dockerignore line 3");
    BOOST_TEST(error.where()->first_line == 3U);
    BOOST_TEST(read_valid_ignore_file("a\n!b\n", "f").size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_endless_one_is_refused)
{
    BOOST_TEST(test::kind_of([] { (void)read_ignore_file(std::string(70'000, 'x'), "f"); }) ==
               ErrorKind::usage);
}

BOOST_AUTO_TEST_SUITE_END()
