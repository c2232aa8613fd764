#include "ui/renderer.hh"

#include "events.hh"
#include "support/golden.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::ui;

namespace {

std::string rendered(const ui::test::Script &script, const RendererOptions &options)
{
    const auto renderer = make_renderer(options);
    return script.rendered_by(*renderer);
}

constexpr Terminal window{.width = 60, .height = 12, .color = false};

} // namespace

BOOST_AUTO_TEST_SUITE(renderers)

BOOST_AUTO_TEST_CASE(plain_good_build)
{
    mica::test::check_golden("ui/plain-good.txt",
                             rendered(ui::test::good_build(), {.progress = Progress::plain}));
}

BOOST_AUTO_TEST_CASE(plain_with_debug_notes)
{
    const auto text = rendered(ui::test::good_build(), {.progress = Progress::plain, .debug = true});
    BOOST_TEST(text.find("debug: isolation: ns (real root)\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(plain_failing_build)
{
    mica::test::check_golden("ui/plain-bad.txt",
                             rendered(ui::test::bad_build(), {.progress = Progress::plain}));
}

BOOST_AUTO_TEST_CASE(tty_good_build)
{
    mica::test::check_golden(
        "ui/tty-good.txt", rendered(ui::test::good_build(), {.progress = Progress::tty, .terminal = window}));
}

BOOST_AUTO_TEST_CASE(tty_failing_build_in_colour)
{
    auto colored = window;
    colored.color = true;
    mica::test::check_golden(
        "ui/tty-bad-color.txt",
        rendered(ui::test::bad_build(), {.progress = Progress::tty, .terminal = colored}));
}

BOOST_AUTO_TEST_CASE(tty_on_a_narrow_terminal_is_plain)
{
    const auto plain = rendered(ui::test::good_build(), {.progress = Progress::plain});
    const Terminal narrow{.width = 39, .height = 24};
    const Terminal flat{.width = 80, .height = 5};
    BOOST_TEST((rendered(ui::test::good_build(), {.progress = Progress::tty, .terminal = narrow}) == plain));
    BOOST_TEST((rendered(ui::test::good_build(), {.progress = Progress::tty, .terminal = flat}) == plain));
}

BOOST_AUTO_TEST_CASE(json_good_build)
{
    mica::test::check_golden("ui/good.jsonl", rendered(ui::test::good_build(), {.progress = Progress::json}));
}

BOOST_AUTO_TEST_CASE(json_failing_build)
{
    mica::test::check_golden("ui/bad.jsonl", rendered(ui::test::bad_build(), {.progress = Progress::json}));
}

BOOST_AUTO_TEST_CASE(json_output_that_is_not_utf8_is_base64)
{
    ui::test::Script script;
    script.output(1, "\xc3").output(1, "ab\xff").output(1, "ab\xff\xfe").output(1, "\xc3\xa4");
    const auto text = rendered(script, {.progress = Progress::json});
    BOOST_TEST(text.find(R"("base64":"ww==")") != std::string::npos);
    BOOST_TEST(text.find(R"("base64":"YWL/")") != std::string::npos);
    BOOST_TEST(text.find(R"("base64":"YWL//g==")") != std::string::npos);
    BOOST_TEST(text.find("\"text\":\"\xc3\xa4\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quiet_says_nothing_of_a_good_build)
{
    BOOST_TEST(rendered(ui::test::good_build(), {.progress = Progress::quiet}).empty());
}

BOOST_AUTO_TEST_CASE(quiet_says_what_failed)
{
    const auto text = rendered(ui::test::bad_build(), {.progress = Progress::quiet});
    BOOST_TEST(text.find("error: the command") != std::string::npos);
    BOOST_TEST(text.find("   3 | >>>     exit 7\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quiet_shows_what_a_failed_command_wrote_and_nothing_else)
{
    ui::test::Script script;
    script.started(1, 0, TaskKind::step, "RUN good").started(2, 1, TaskKind::run, "good").output(2, "fine\n");
    script.finished(2, TaskResult::done).finished(1, TaskResult::done);
    script.started(3, 0, TaskKind::step, "RUN bad")
        .started(4, 3, TaskKind::run, "bad")
        .output(4, "a\nno such file");
    script.finished(4, TaskResult::failed).finished(3, TaskResult::failed);
    BOOST_TEST(rendered(script, {.progress = Progress::quiet}) == "RUN bad:\n    a\n    no such file\n");
}

BOOST_AUTO_TEST_CASE(plain_shows_no_progress_more_often_than_every_five_seconds)
{
    ui::test::Script script;
    script.started(1, 0, TaskKind::step, "FROM x").started(2, 1, TaskKind::pull, "layer");
    for (int i = 1; i <= 120; ++i)
        script.at(i * 100).progress(2, static_cast<std::uint64_t>(i), 120);
    const auto text = rendered(script, {.progress = Progress::plain});
    BOOST_TEST(text == "#1 FROM x\n#1 layer 50B / 120B 5.0s\n#1 layer 100B / 120B 10.0s\n");
}

BOOST_AUTO_TEST_CASE(tty_redraws_at_most_ten_times_a_second)
{
    ui::test::Script script;
    script.started(1, 0, TaskKind::step, "FROM x");
    for (int i = 0; i < 1000; ++i)
        script.at(i).progress(1, static_cast<std::uint64_t>(i), 1000);
    const auto text = rendered(script, {.progress = Progress::tty, .terminal = window});
    std::size_t redraws = 0;
    for (auto at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at + 1))
        redraws += text.compare(at, 4, "\x1b[2A") == 0 ? 1 : 0;
    BOOST_TEST(redraws >= 9);
    BOOST_TEST(redraws <= 11);
}

BOOST_AUTO_TEST_CASE(tty_never_draws_more_lines_than_the_window_has)
{
    const auto renderer = make_renderer({.progress = Progress::tty, .terminal = window});
    ui::test::Script script;
    for (std::uint64_t i = 1; i <= 50; ++i)
        script.started(i, 0, TaskKind::step, "step");
    static_cast<void>(script.rendered_by(*renderer));
    const auto screen = renderer->tick(ui::test::start_of_time + std::chrono::seconds{5});
    BOOST_TEST(std::count(screen.begin(), screen.end(), '\n') == 11);
    BOOST_TEST(screen.find("(41 more lines)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tty_follows_the_window)
{
    const auto renderer = make_renderer({.progress = Progress::tty, .terminal = window});
    ui::test::Script script;
    script.started(1, 0, TaskKind::step, std::string(200, 'x'));
    static_cast<void>(script.rendered_by(*renderer));
    renderer->resize({.width = 30, .height = 10});
    const auto screen = renderer->tick(ui::test::start_of_time + std::chrono::seconds{5});
    BOOST_TEST(screen.find(" => xxxxxxxxxxxxxxxxx...  5.0s\n") == std::string::npos);
    BOOST_TEST(screen.find(" => xxxxxxxxxxxxxxxxx... 5.0s\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tty_output_cannot_steer_the_terminal)
{
    const auto renderer = make_renderer({.progress = Progress::tty, .terminal = window});
    ui::test::Script script;
    script.started(1, 0, TaskKind::step, "x").output(1, "\x1b[2J\x1b]0;title\a\x1b[31mred\x1b[0m\n");
    static_cast<void>(script.rendered_by(*renderer));
    const auto screen = renderer->tick(ui::test::start_of_time + std::chrono::seconds{5});
    BOOST_TEST(screen.find("    | red\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
