#include "verify/printable.hh"

#include <boost/test/unit_test.hpp>

using namespace mica::verify;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(control_characters_become_escapes)
{
    BOOST_TEST(printable("a\x1b[31m\n", false) == "a\\x1b[31m\\x0a");
    BOOST_TEST(printable("a\n", true) == "a\n");
}

BOOST_AUTO_TEST_CASE(text_of_any_script_stays)
{
    BOOST_TEST(printable("grün 日本 😀", false) == "grün 日本 😀");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_become_escapes)
{
    BOOST_TEST(printable("\xff\xc3", false) == "\\xff\\xc3");
}

BOOST_AUTO_TEST_CASE(characters_that_hide_others_become_escapes)
{
    BOOST_TEST(printable("a\u202eb", false) == "a\\xe2\\x80\\xaeb");
}

BOOST_AUTO_TEST_CASE(texts_are_cut_between_characters)
{
    BOOST_TEST(cut_utf8("aü", 2) == "a");
    BOOST_TEST(cut_utf8("aü", 3) == "aü");
}

BOOST_AUTO_TEST_SUITE_END()
