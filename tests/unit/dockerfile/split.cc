#include "dockerfile/split.hh"

#include "support.hh"

namespace mica::dockerfile {

namespace {

using Words = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(split)

BOOST_AUTO_TEST_CASE(keyword_and_rest_are_told_apart)
{
    const auto parts = split_command(" \tRUN\f a  b\u00a0", '\\');
    BOOST_TEST(parts.keyword == "RUN");
    BOOST_TEST(parts.flags.empty());
    BOOST_TEST(parts.rest == "a  b");
}

BOOST_AUTO_TEST_CASE(flags_lose_quotes_and_escapes)
{
    const auto parts = split_command(R"(RUN --a='b c' --d="e\"f" --g\ h x --i)", '\\');
    BOOST_TEST(parts.flags == (Words{"--a=b c", "--d=e\"f", "--g h"}), boost::test_tools::per_element());
    BOOST_TEST(parts.rest == "x --i");
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_flags)
{
    const auto parts = split_command("RUN --a -- --b", '\\');
    BOOST_TEST(parts.flags == Words{"--a"}, boost::test_tools::per_element());
    BOOST_TEST(parts.rest == "--b");
}

BOOST_AUTO_TEST_CASE(a_flag_may_end_the_line_in_any_state)
{
    BOOST_TEST(split_command("RUN --a", '\\').flags == Words{"--a"}, boost::test_tools::per_element());
    BOOST_TEST(split_command("RUN --a='b", '\\').flags == Words{"--a=b"}, boost::test_tools::per_element());
    BOOST_TEST(split_command("RUN --a\\", '\\').flags == Words{"--a"}, boost::test_tools::per_element());
    BOOST_TEST(split_command("RUN --", '\\').flags.empty());
}

BOOST_AUTO_TEST_CASE(the_escape_directive_counts)
{
    BOOST_TEST(split_command("RUN --a=b\\c` d e", '`').flags == Words{"--a=b\\c d"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
