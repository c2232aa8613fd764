#include "cli/arguments.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

using Strings = std::vector<std::string>;

/// A command of every kind of option, and what it was told.
struct Fixture {
    Fixture()
    {
        command.name = "make";
        command.options = {
            {"-f,--file", "PATH", "", false, [this](const std::string &value) { file.push_back(value); }},
            {"-t,--tag", "NAME", "", true, [this](const std::string &value) { tags.push_back(value); }},
            {"--push", "", "", false, [this](const std::string &value) { push.push_back(value); }},
        };
        command.operands = {{"CONTEXT", "", [this](const std::string &value) { context = value; }}};
    }
    ParseOutcome parse(const Strings &arguments) { return parse_arguments(command, arguments); }
    Error refusal(const Strings &arguments)
    {
        try {
            static_cast<void>(parse(arguments));
        } catch (const Error &error) {
            return error;
        }
        BOOST_FAIL("was accepted");
        throw std::logic_error{"unreachable"};
    }

    CommandSpec command;
    Strings file, tags, push;
    std::string context;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(arguments, Fixture)

BOOST_AUTO_TEST_CASE(every_spelling_of_a_value)
{
    BOOST_TEST((parse({"-t", "a", "-tb", "--tag", "c", "--tag=d", "ctx"}) == ParseOutcome::run));
    BOOST_TEST(tags == (Strings{"a", "b", "c", "d"}), boost::test_tools::per_element());
    BOOST_TEST(context == "ctx");
}

BOOST_AUTO_TEST_CASE(options_may_follow_the_operand)
{
    static_cast<void>(parse({"ctx", "--push", "-t", "a"}));
    BOOST_TEST(context == "ctx");
    BOOST_TEST(tags == Strings{"a"}, boost::test_tools::per_element());
    BOOST_TEST(push == Strings{"true"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_option_takes_one_value_and_no_more)
{
    static_cast<void>(parse({"--tag", "a", "ctx"}));
    BOOST_TEST(tags == Strings{"a"}, boost::test_tools::per_element());
    BOOST_TEST(context == "ctx");
}

BOOST_AUTO_TEST_CASE(the_last_value_counts_where_one_is_wanted)
{
    static_cast<void>(parse({"-f", "one", "-f", "two", "--push", "--push=false", "ctx"}));
    BOOST_TEST(file == Strings{"two"}, boost::test_tools::per_element());
    BOOST_TEST(push == Strings{"false"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_dash_is_a_value_and_an_operand)
{
    static_cast<void>(parse({"-f", "-", "-"}));
    BOOST_TEST(file == Strings{"-"}, boost::test_tools::per_element());
    BOOST_TEST(context == "-");
}

BOOST_AUTO_TEST_CASE(values_are_taken_as_they_are)
{
    static_cast<void>(parse({"-t", "[a,b]", "--tag=x=-1", "-t", "a b", "--tag=", "ctx"}));
    BOOST_TEST(tags == (Strings{"[a,b]", "x=-1", "a b", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_option_with_a_near_one)
{
    const auto error = refusal({"--pusch", "ctx"});
    BOOST_TEST((error.kind() == ErrorKind::usage));
    BOOST_TEST(error.message() == "mica make has no option --pusch");
    BOOST_TEST(*error.hint() == "did you mean --push?");
}

BOOST_AUTO_TEST_CASE(an_unknown_option_with_a_value)
{
    BOOST_TEST(refusal({"--colour=red", "ctx"}).message() == "mica make has no option --colour");
}

BOOST_AUTO_TEST_CASE(abbreviations_are_not_guessed)
{
    BOOST_TEST(refusal({"--pus", "ctx"}).message() == "mica make has no option --pus");
}

BOOST_AUTO_TEST_CASE(wrong_counts_are_refused)
{
    const std::vector<Strings> wrong{{}, {"a", "b"}, {"ctx", "--tag"}, {"-f"}, {"ctx", "-x"}};
    for (const auto &given : wrong)
        BOOST_TEST((refusal(given).kind() == ErrorKind::usage));
}

BOOST_AUTO_TEST_CASE(help_wins_over_a_missing_operand)
{
    BOOST_TEST((parse({"--help"}) == ParseOutcome::help_wanted));
    BOOST_TEST((parse({"-h"}) == ParseOutcome::help_wanted));
}

BOOST_AUTO_TEST_CASE(an_error_names_the_option)
{
    command.options[0].apply = [](const std::string &) { throw Error{ErrorKind::usage, "bad"}; };
    BOOST_TEST(refusal({"-f", "x", "ctx"}).context().front() == "reading --file PATH");
}

BOOST_AUTO_TEST_SUITE_END()
