#include "dockerfile/heredoc.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(heredoc)

BOOST_AUTO_TEST_CASE(a_word_tells_all_parts)
{
    const auto found = parse_heredoc_word("12<<-  END");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->fd == 12U);
    BOOST_TEST(found->chomp);
    BOOST_TEST(found->expand);
    BOOST_TEST(found->name == "END");
}

BOOST_AUTO_TEST_CASE(any_quote_in_the_delimiter_forbids_expansion)
{
    for (const auto *word : {"<<'E'", "<<\"E\"", "<<E'F'", "<<''E"})
        BOOST_TEST(!parse_heredoc_word(word).value().expand);
    BOOST_TEST(parse_heredoc_word("<<E").value().expand);
    BOOST_TEST(parse_heredoc_word("<<\\'E").value().expand); // that quote is a character of the name
}

BOOST_AUTO_TEST_CASE(quotes_and_escapes_are_no_part_of_the_name)
{
    BOOST_TEST(parse_heredoc_word("<<'one two'").value().name == "one two");
    BOOST_TEST(parse_heredoc_word("<<E\\ F").value().name == "E F");
    BOOST_TEST(parse_heredoc_word("<<$E").value().name == "$E");
}

BOOST_AUTO_TEST_CASE(other_words_open_none)
{
    for (const auto *word : {"", "<", "<<", "<<-", "<<<E", "<<E<F", "x<<E", "<<E F", "E", "<<''"})
        BOOST_TEST(!parse_heredoc_word(word));
}

BOOST_AUTO_TEST_CASE(a_delimiter_with_broken_quotes_is_an_error)
{
    BOOST_TEST(contains(failure([] { return parse_heredoc_word("<<'E"); }), "single-quote"));
}

BOOST_AUTO_TEST_CASE(a_huge_descriptor_is_no_overflow)
{
    BOOST_TEST(parse_heredoc_word("99999999999999999999999<<E").value().fd == 4294967295U);
}

BOOST_AUTO_TEST_CASE(a_line_may_open_several)
{
    const auto found = heredocs_of_line("RUN <<A cat \"<<B\" '<<C' <<-D ${x:=<<F} 3<< G <<<H # <<I");
    std::vector<std::string> names;
    for (const auto &heredoc : found)
        names.push_back(heredoc.name);
    BOOST_TEST(names == (std::vector<std::string>{"A", "D", "G", "I"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tabs_go_from_every_line)
{
    BOOST_TEST(strip_leading_tabs("\t\ta\tb\n\n \tc\n\td") == "a\tb\n\n \tc\nd");
    BOOST_TEST(strip_leading_tabs("\t\t") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
