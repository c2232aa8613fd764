#include "dockerfile/json_array.hh"

#include "support.hh"

namespace mica::dockerfile {

namespace {

using Words = std::vector<std::string>;

Words strings(std::string_view text)
{
    const auto array = parse_json_array(text);
    BOOST_REQUIRE(array.has_value());
    BOOST_TEST(array->only_strings);
    return array->strings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_array)

BOOST_AUTO_TEST_CASE(strings_are_read)
{
    BOOST_TEST(strings("[]").empty());
    BOOST_TEST(strings(" [ \"a\" ,\r\n\t\"b c\" ] ") == (Words{"a", "b c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(escapes_are_resolved)
{
    BOOST_TEST(strings(R"(["\"\\\/\b\f\n\r\t", "\u00e9\u20AC", "\ud83d\ude80"])") ==
                   (Words{"\"\\/\b\f\n\r\t", "\u00e9\u20ac", "\U0001f680"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lone_surrogate_is_replaced)
{
    BOOST_TEST(strings(R"(["\ud83dx", "\ude80", "\ud83d\u0041"])") == (Words{"\ufffdx", "\ufffd", "\ufffdA"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_pass)
{
    BOOST_TEST(strings("[\"\xff\"]") == Words{"\xff"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_elements_are_told)
{
    for (const auto *text : {"[1]", "[\"a\", null]", "[true]", "[[\"a\"]]", "[{\"a\": \"b\"}]", "[-0.5e+3]",
                             "[[]]", "[\"a\", {}]", "[[{\"a\": [\"b\", {\"c\": 1}]}], \"d\"]"}) {
        const auto array = parse_json_array(text);
        BOOST_REQUIRE_MESSAGE(array.has_value(), text);
        BOOST_TEST(!array->only_strings, text);
    }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_array)
{
    for (const auto *text : {"",
                             "a",
                             "\"a\"",
                             "{}",
                             "[",
                             "[\"a\"",
                             "[\"a\",]",
                             "[,]",
                             "[\"a\" \"b\"]",
                             "['a']",
                             "[\"a\"] b",
                             "[\"a\"]]",
                             "[\"\n\"]",
                             "[\"\\x\"]",
                             "[\"\\u12\"]",
                             "[\"\\u12g4\"]",
                             "[\"a]",
                             "[01]",
                             "[1.]",
                             "[.5]",
                             "[+1]",
                             "[1e]",
                             "[-]",
                             "[nul]",
                             "[True]",
                             "[{a: 1}]",
                             "[{\"a\"}]",
                             "[{\"a\":}]",
                             "[{\"a\": 1,}]",
                             "[\"a\",\v\"b\"]",
                             "[{]}",
                             "[[}"})
        BOOST_TEST(!parse_json_array(text), text);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_no_array)
{
    BOOST_TEST(!parse_json_array(std::string(100000, '[') + std::string(100000, ']')));
    BOOST_TEST(parse_json_array(std::string(1000, '[') + std::string(1000, ']')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
