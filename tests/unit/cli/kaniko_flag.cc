#include "cli/kaniko/flag.hh"

#include "base/error.hh"
#include "cli/kaniko/flag_makers.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;
using namespace mica::cli::kaniko;
namespace data = boost::unit_test::data;

namespace {

using Strings = std::vector<std::string>;

struct Fixture {
    Fixture()
    {
        program.name = "executor";
        program.flags = {
            text('f', "file", "PATH", "", file),
            list('d', "destination", "NAME", "", destinations),
            truth("cache", "", cache),
            with_variable(truth("no-push", "", no_push), "KANIKO_NO_PUSH"),
            with_alias(text(0, "tar-path", "FILE", "", tar), "tarPath"),
        };
    }
    Parsed read(const Strings &arguments, const Environment &environment = {})
    {
        return parse(program, arguments, environment);
    }
    Error refusal(const Strings &arguments)
    {
        try {
            static_cast<void>(read(arguments));
        } catch (const Error &error) {
            return error;
        }
        BOOST_FAIL("was accepted");
        throw std::logic_error{"unreachable"};
    }

    Program program;
    std::string file = "none", tar;
    Strings destinations;
    bool cache = false, no_push = false;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(kaniko_flag, Fixture)

BOOST_AUTO_TEST_CASE(every_spelling_of_a_value)
{
    BOOST_TEST((read({"-d", "a", "-db", "-d=c", "--destination", "d", "--destination=e"}) == Parsed::run));
    BOOST_TEST(destinations == (Strings{"a", "b", "c", "d", "e"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_may_look_like_a_flag)
{
    static_cast<void>(read({"--file", "--cache", "-d", "-1"}));
    BOOST_TEST(file == "--cache");
    BOOST_TEST(destinations == Strings{"-1"}, boost::test_tools::per_element());
    BOOST_TEST(!cache);
}

BOOST_AUTO_TEST_CASE(the_last_value_counts_and_may_be_empty)
{
    static_cast<void>(read({"--file=a", "--file="}));
    BOOST_TEST(file.empty());
}

BOOST_DATA_TEST_CASE(truth_values, data::make(Strings{"true", "1", "t", "T", "TRUE", "True"}), given)
{
    static_cast<void>(read({"--cache=" + given}));
    BOOST_TEST(cache);
}

BOOST_AUTO_TEST_CASE(a_switch_takes_no_word_behind_it)
{
    BOOST_TEST(refusal({"--cache", "false"}).message() == "executor does not know what to do with \"false\"");
}

BOOST_AUTO_TEST_CASE(neither_true_nor_false)
{
    BOOST_TEST(refusal({"--cache=maybe"}).message() == "\"maybe\" is neither true nor false");
}

BOOST_AUTO_TEST_CASE(older_spellings)
{
    static_cast<void>(read({"--tarPath=x.tar"}));
    BOOST_TEST(tar == "x.tar");
}

BOOST_AUTO_TEST_CASE(variables_count_where_the_flag_is_not_given)
{
    Environment environment;
    environment.variables["KANIKO_NO_PUSH"] = "1";
    static_cast<void>(read({}, environment));
    BOOST_TEST(no_push);
    static_cast<void>(read({"--no-push=false"}, environment));
    BOOST_TEST(!no_push);
}

BOOST_AUTO_TEST_CASE(an_unknown_flag_with_a_near_one)
{
    const auto error = refusal({"--destinaton=x"});
    BOOST_TEST((error.kind() == ErrorKind::usage));
    BOOST_TEST(error.message() == "executor has no flag --destinaton");
    BOOST_TEST(*error.hint() == "did you mean --destination?");
}

BOOST_AUTO_TEST_CASE(a_value_that_is_missing)
{
    BOOST_TEST(refusal({"--file"}).message() == "--file needs a value");
    BOOST_TEST(refusal({"-f"}).message() == "-f needs a value");
}

BOOST_AUTO_TEST_CASE(help_wins)
{
    BOOST_TEST((read({"--help", "--nonsense"}) == Parsed::help_wanted));
}

BOOST_AUTO_TEST_SUITE_END()
