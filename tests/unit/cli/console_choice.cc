#include "cli/console_choice.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

constexpr ui::Terminal window{.width = 100, .height = 30};
constexpr ui::Terminal none{.width = 0, .height = 0};

Environment with(std::map<std::string, std::string> variables)
{
    return {.variables = std::move(variables), .is_root = false};
}

ui::RendererOptions choose(const ui::Terminal &terminal, std::map<std::string, std::string> variables,
                           ui::Progress wanted = ui::Progress::automatic)
{
    return choose_renderer(wanted, false, terminal, with(std::move(variables)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(console_choice)

BOOST_AUTO_TEST_CASE(a_terminal_is_redrawn_in_colour)
{
    const auto options = choose(window, {{"TERM", "xterm"}});
    BOOST_TEST((options.progress == ui::Progress::tty));
    BOOST_TEST(options.terminal.color);
    BOOST_TEST(options.terminal.width == 100U);
}

BOOST_AUTO_TEST_CASE(a_log_gets_lines)
{
    const auto options = choose(none, {{"TERM", "xterm"}});
    BOOST_TEST((options.progress == ui::Progress::plain));
    BOOST_TEST(!options.terminal.color);
}

BOOST_AUTO_TEST_CASE(a_dumb_terminal_gets_lines)
{
    BOOST_TEST((choose(window, {{"TERM", "dumb"}}).progress == ui::Progress::plain));
    BOOST_TEST((choose(window, {}).progress == ui::Progress::plain));
}

BOOST_AUTO_TEST_CASE(no_color_is_honoured)
{
    const auto options = choose(window, {{"TERM", "xterm"}, {"NO_COLOR", "1"}});
    BOOST_TEST((options.progress == ui::Progress::tty));
    BOOST_TEST(!options.terminal.color);
}

BOOST_AUTO_TEST_CASE(a_choice_by_name_holds_everywhere)
{
    BOOST_TEST((choose(none, {}, ui::Progress::tty).progress == ui::Progress::tty));
    BOOST_TEST((choose(window, {{"TERM", "xterm"}}, ui::Progress::plain).progress == ui::Progress::plain));
}

BOOST_AUTO_TEST_SUITE_END()
