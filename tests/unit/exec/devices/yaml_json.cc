#include "exec/devices/yaml_json.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using mica::exec::parse_yaml;
using Json = nlohmann::json;

BOOST_AUTO_TEST_SUITE(yaml_json)

BOOST_AUTO_TEST_CASE(maps_and_lists_are_objects_and_arrays)
{
    BOOST_TEST((parse_yaml("a:\n- b: c\n- [d, e]\n") == Json{{"a", {{{"b", "c"}}, {"d", "e"}}}}));
}

BOOST_AUTO_TEST_CASE(plain_words_have_the_type_they_look_like)
{
    BOOST_TEST((parse_yaml("[1, -2, 0x10, 010, 0o10, true, null, ~, 0.6.0, yes]") ==
                Json{1, -2, 16, 8, 8, true, nullptr, nullptr, "0.6.0", "yes"}));
}

BOOST_AUTO_TEST_CASE(quoted_words_are_text)
{
    BOOST_TEST((parse_yaml("['1', \"true\", '']") == Json{"1", "true", ""}));
}

BOOST_AUTO_TEST_CASE(nothing_is_null)
{
    BOOST_TEST(parse_yaml("").is_null());
    BOOST_TEST(parse_yaml("---\n").is_null());
}

BOOST_AUTO_TEST_CASE(what_can_make_a_small_text_large_is_refused)
{
    BOOST_CHECK_THROW((void)parse_yaml("a: &x [1]\nb: *x\n"), Error);
    BOOST_CHECK_THROW((void)parse_yaml("a: 1\n<<: {b: 2}\n"), Error);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused)
{
    BOOST_CHECK_NO_THROW((void)parse_yaml(std::string(31, '[') + std::string(31, ']')));
    BOOST_CHECK_THROW((void)parse_yaml(std::string(100000, '[')), Error);
}

BOOST_AUTO_TEST_CASE(a_key_stands_once)
{
    BOOST_CHECK_THROW((void)parse_yaml("a: 1\na: 2\n"), Error);
}

BOOST_AUTO_TEST_CASE(one_document_alone)
{
    BOOST_CHECK_THROW((void)parse_yaml("a: 1\n---\nb: 1\n"), Error);
}

BOOST_AUTO_TEST_CASE(an_error_names_its_line)
{
    const auto error = test::error_of([] { (void)parse_yaml("a: 1\nb: ]\n"); });
    BOOST_TEST(error.message().starts_with("line 2: "));
}

BOOST_AUTO_TEST_SUITE_END()
