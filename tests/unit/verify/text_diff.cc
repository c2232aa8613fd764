#include "verify/text_diff.hh"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace mica::verify;

namespace {

std::string side(const std::vector<LineEdit> &edits, LineEdit::Kind left_out)
{
    std::string text;
    for (const auto &edit : edits)
        if (edit.kind != left_out)
            text.append(edit.line) += '\n';
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_diff)

BOOST_AUTO_TEST_CASE(equal_texts_have_no_difference)
{
    BOOST_TEST(unified_diff("a\nb\n", "a\nb\n").empty());
}

BOOST_AUTO_TEST_CASE(a_changed_line_stands_in_a_hunk_with_its_context)
{
    BOOST_TEST(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n") ==
               "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

BOOST_AUTO_TEST_CASE(lines_that_only_one_side_has_count_as_diff_counts_them)
{
    BOOST_TEST(unified_diff("", "new\n") == "@@ -0,0 +1,1 @@\n+new\n");
}

BOOST_AUTO_TEST_CASE(the_edits_give_both_texts)
{
    std::mt19937 random{7};
    for (int round = 0; round < 300; ++round) {
        std::string left, right;
        for (unsigned i = static_cast<unsigned>(random()) % 30; i > 0; --i)
            left += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
        for (unsigned i = static_cast<unsigned>(random()) % 30; i > 0; --i)
            right += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
        const auto edits = line_edits(left, right, random() % 40);
        BOOST_TEST(side(edits, LineEdit::Kind::add) == left);
        BOOST_TEST(side(edits, LineEdit::Kind::remove) == right);
    }
}

BOOST_AUTO_TEST_CASE(the_edits_are_as_few_as_can_be)
{
    const auto edits = line_edits("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n");
    const auto changes = std::count_if(
        edits.begin(), edits.end(), [](const LineEdit &edit) { return edit.kind != LineEdit::Kind::keep; });
    BOOST_TEST(changes == 5); // Myers' own example
}

BOOST_AUTO_TEST_CASE(a_long_difference_is_cut)
{
    std::string left, right;
    for (int i = 0; i < 500; ++i) {
        left += "left " + std::to_string(i) + "\n";
        right += "right " + std::to_string(i) + "\n";
    }
    const auto text = unified_diff(left, right, 10);
    BOOST_TEST(text.find("990 more lines") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_is_utf8_without_control_characters)
{
    BOOST_TEST(is_text("grün\n\ttabs\r\n"));
    BOOST_TEST(!is_text(std::string_view{"a\0b", 3}));
    BOOST_TEST(!is_text("\xff\xfe"));
    BOOST_TEST(!is_text("cut \xc3"));
}

BOOST_AUTO_TEST_SUITE_END()
