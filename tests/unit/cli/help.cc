#include "cli/help.hh"

#include "cli/command_line.hh"
#include "support/golden.hh"
#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace mica::cli;

BOOST_AUTO_TEST_SUITE(help)

BOOST_AUTO_TEST_CASE(the_documentation_is_up_to_date)
{
    mica::test::check_golden_file("docs/cli.md", markdown(all_commands()));
}

BOOST_AUTO_TEST_CASE(help_of_a_command_is_golden)
{
    mica::test::check_golden("cli/help-build.txt", command_help(all_commands().front()));
}

BOOST_AUTO_TEST_CASE(the_overview_is_golden)
{
    mica::test::check_golden("cli/help.txt", overview(all_commands()));
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_than_a_page)
{
    std::istringstream lines{command_help(all_commands().front())};
    for (std::string line; std::getline(lines, line);)
        BOOST_TEST(line.size() <= 100U, line);
}

BOOST_AUTO_TEST_CASE(every_option_has_a_sentence)
{
    for (const auto &command : all_commands()) {
        for (const auto &option : command.options)
            BOOST_TEST(option.help.ends_with('.'), option.names);
    }
}

BOOST_AUTO_TEST_SUITE_END()
