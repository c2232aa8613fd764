#include "ui/text.hh"

#include "ui/lines.hh"
#include <boost/test/unit_test.hpp>

using namespace mica::ui;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(width_counts_columns_not_bytes)
{
    BOOST_TEST(display_width("abc") == 3U);
    BOOST_TEST(display_width("\xc3\xa4") == 1U);                 // ä
    BOOST_TEST(display_width("a\xcc\x88") == 1U);                // a and a combining diaeresis
    BOOST_TEST(display_width("\xe6\x97\xa5\xe6\x9c\xac") == 4U); // two ideographs
    BOOST_TEST(display_width("\xff\xc3") == 2U);                 // not UTF-8
}

BOOST_AUTO_TEST_CASE(cutting_keeps_whole_characters)
{
    BOOST_TEST(cut("abcdef", 6) == "abcdef");
    BOOST_TEST(cut("abcdefg", 6) == "abc...");
    BOOST_TEST(cut("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5) == "\xe6\x97\xa5...");
    BOOST_TEST(cut("abcdef", 2) == "..");
}

BOOST_AUTO_TEST_CASE(printable_escapes_controls_and_broken_bytes)
{
    BOOST_TEST(printable("a\tb\n\x01\x7f\xc2\x9b\xc3(") == "a\tb\n\\x01\\x7f\\x9b\\xc3(");
    BOOST_TEST(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80"); // a surrogate
    BOOST_TEST(printable("\xc0\xaf") == "\\xc0\\xaf");          // an overlong form
}

BOOST_AUTO_TEST_CASE(plain_line_drops_escape_sequences)
{
    BOOST_TEST(plain_line("\x1b[1;32mok\x1b[0m") == "ok");
    BOOST_TEST(plain_line("\x1b]8;;http://x\x1b\\link") == "link");
    BOOST_TEST(plain_line("end\x1b[") == "end");
}

BOOST_AUTO_TEST_CASE(sizes_are_powers_of_1000)
{
    BOOST_TEST(format_size(0) == "0B");
    BOOST_TEST(format_size(999) == "999B");
    BOOST_TEST(format_size(1000) == "1.0kB");
    BOOST_TEST(format_size(999'949) == "999.9kB");
    BOOST_TEST(format_size(999'950) == "1.0MB");
    BOOST_TEST(format_size(12'345'678'901) == "12.3GB");
    BOOST_TEST(format_size(~std::uint64_t{0}) == "18.4EB");
}

BOOST_AUTO_TEST_CASE(lines_across_chunks)
{
    LineSplitter splitter;
    BOOST_TEST(splitter.feed("one\ntw") == std::vector<std::string>{"one"}, boost::test_tools::per_element());
    BOOST_TEST(splitter.feed("o\r\n10%\r20%\r\nrest") == (std::vector<std::string>{"two", "20%"}),
               boost::test_tools::per_element());
    BOOST_TEST(splitter.take_rest() == "rest");
    BOOST_TEST(splitter.take_rest().empty());
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_cut)
{
    LineSplitter splitter;
    const auto lines = splitter.feed(std::string(100'000, 'x'));
    BOOST_TEST(lines.size() == 6U);
    BOOST_TEST(lines.front().size() == 16384U);
    BOOST_TEST(splitter.take_rest().size() == 100'000U - 6 * 16384U);
}

BOOST_AUTO_TEST_SUITE_END()
