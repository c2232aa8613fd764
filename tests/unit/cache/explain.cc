#include "cache/explain.hh"

#include <boost/test/unit_test.hpp>

using namespace mica::cache;

namespace {

using Phrases = std::vector<std::string>;

Phrases difference(const std::string &name, const std::string &was, const std::string &is)
{
    return explain({{"same", "x"}, {name, is}}, {{"same", "x"}, {name, was}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(explanation_of_a_miss)

BOOST_AUTO_TEST_CASE(equal_keys_have_no_difference)
{
    BOOST_TEST(explain({{"a", "1"}}, {{"a", "1"}}).empty());
}

BOOST_AUTO_TEST_CASE(a_variable_is_named_with_both_values)
{
    const auto phrases =
        difference("environment", frame_list({"PATH=/bin", "V=1"}), frame_list({"PATH=/bin", "V=2"}));
    BOOST_TEST((phrases == Phrases{"ENV/ARG V: was \"1\", is \"2\""}));
}

BOOST_AUTO_TEST_CASE(variables_come_and_go)
{
    const auto phrases = difference("environment", frame_list({"A=1"}), frame_list({"B=2"}));
    BOOST_TEST((phrases == Phrases{"ENV/ARG B is new: \"2\"", "ENV/ARG A is gone"}));
}

BOOST_AUTO_TEST_CASE(a_file_says_what_of_it_differs)
{
    const auto file = [](const char *kind, const char *content) { return frame_list({kind, "", content}); };
    BOOST_TEST((difference("file a/b", file("regular 0644 0:0", "1"), file("regular 0644 0:0", "2")) ==
                Phrases{"file a/b: another content"}));
    BOOST_TEST((difference("file a/b", file("regular 0644 0:0", "1"), file("regular 0755 0:0", "1")) ==
                Phrases{"file a/b: was \"regular 0644 0:0\", is \"regular 0755 0:0\""}));
}

BOOST_AUTO_TEST_CASE(a_file_comes_and_goes)
{
    BOOST_TEST((explain({{"file a", "x"}}, {{"file b", "x"}}) == Phrases{"file a is new", "file b is gone"}));
}

BOOST_AUTO_TEST_CASE(the_first_layer_that_differs_is_told)
{
    BOOST_TEST((difference("root", "a b c ", "a x c ") ==
                Phrases{"the layers below: number 2 of 3 is another one"}));
    BOOST_TEST((difference("root", "a ", "a b ") == Phrases{"the layers below: there were 1, there are 2"}));
}

BOOST_AUTO_TEST_CASE(a_command_is_shown_as_text)
{
    BOOST_TEST((difference("argv", frame_list({"sh", "-c", "x"}), frame_list({"sh", "-c", "y"})) ==
                Phrases{"the command: was \"sh -c x\", is \"sh -c y\""}));
}

BOOST_AUTO_TEST_CASE(differences_are_counted)
{
    BOOST_TEST(count_differences({{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "3"}, {"c", "4"}}) == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
