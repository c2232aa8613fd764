#include "dockerfile/dump.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(tree_dump)

BOOST_AUTO_TEST_CASE(quoting_shows_every_byte)
{
    BOOST_TEST(quote("a\"b\\c") == R"("a\"b\\c")");
    BOOST_TEST(quote("\a\b\t\n\v\f\r") == R"("\a\b\t\n\v\f\r")");
    BOOST_TEST(quote(std::string_view{"\0\x1b\x7f", 3}) == R"("\x00\x1b\x7f")");
    BOOST_TEST(quote("\xff\u00e9\u00a0\u2028\U000e0001\U0001f680") ==
               "\"\\xff\u00e9\\u00a0\\u2028\\U000e0001\U0001f680\"");
}

BOOST_AUTO_TEST_CASE(an_empty_argument_is_not_no_argument)
{
    BOOST_TEST(dump(node_of("CMD [\"\"]")) == "cmd \"\"");
    BOOST_TEST(dump(node_of("CMD []")) == "cmd");
}

BOOST_AUTO_TEST_CASE(flags_stand_in_brackets)
{
    BOOST_TEST(dump(node_of("RUN --a=\"b c\" --d e")) == "run [\"--a=b c\" \"--d\"] \"e\"");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
