#include "dockerfile/chars.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(chars)

BOOST_AUTO_TEST_CASE(characters_of_all_lengths_are_read_and_written)
{
    const std::string text = "a\u00e9\u20ac\U0001f680";
    std::string copy;
    std::vector<char32_t> values;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = decode(text, at);
        values.push_back(character.value);
        append(copy, character.value);
        at += character.length;
    }
    BOOST_TEST((values == std::vector<char32_t>{'a', 0xe9, 0x20ac, 0x1f680}));
    BOOST_TEST(copy == text);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_survive_one_by_one)
{
    // Overlong, surrogate, beyond Unicode, cut short, stray.
    for (const std::string text :
         {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xff"}) {
        std::string copy;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const auto character = decode(text, at);
            BOOST_TEST(character.length == 1U);
            BOOST_TEST(static_cast<std::uint32_t>(character.value) >=
                       static_cast<std::uint32_t>(first_raw_byte));
            append(copy, character.value);
        }
        BOOST_TEST(copy == text);
    }
}

BOOST_AUTO_TEST_CASE(names_take_letters_and_digits_of_any_script)
{
    for (const char32_t c : {U'a', U'Z', U'_', U'7', U'\u00e9', U'\ud55c', U'\u0663', U'\U00020000'})
        BOOST_TEST(is_name(c));
    for (const char32_t c : {U'-', U'.', U' ', U'\u2603', U'\u00b7', char32_t{first_raw_byte + 0xff}})
        BOOST_TEST(!is_name(c));
}

BOOST_AUTO_TEST_CASE(digits_of_any_script_are_digits)
{
    BOOST_TEST(is_digit(U'0'));
    BOOST_TEST(is_digit(U'\u0663'));
    BOOST_TEST(!is_digit(U'a'));
    BOOST_TEST(!is_digit(U'\u00b2')); // a superscript is none
}

BOOST_AUTO_TEST_CASE(unicode_blanks_are_trimmed_on_both_sides)
{
    BOOST_TEST(trim_spaces("\u00a0\t a b\u3000\u0085\n") == "a b");
    BOOST_TEST(trim_spaces_left("\u2003\va ") == "a ");
    BOOST_TEST(trim_spaces(" \u00a0 ") == "");
}

BOOST_AUTO_TEST_CASE(trimming_keeps_bytes_that_are_no_utf8)
{
    BOOST_TEST(trim_spaces(" \xa0 ") == "\xa0");
    BOOST_TEST(trim_spaces("a\x80\x80\x80") == "a\x80\x80\x80");
}

BOOST_AUTO_TEST_CASE(controls_blanks_and_raw_bytes_cannot_be_printed)
{
    for (const char32_t c : {U'\x1f', U'\x7f', U'\u0085', U'\u00a0', U'\u00ad', U'\u200b', U'\ufeff',
                             U'\uffff', char32_t{first_raw_byte + 0x80}})
        BOOST_TEST(!is_printable(c));
    for (const char32_t c : {U' ', U'~', U'\u00e9', U'\u2603', U'\U0001f680'})
        BOOST_TEST(is_printable(c));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
