#include "ui/trace.hh"

#include "events.hh"
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace mica::ui::test {

namespace {

using Json = nlohmann::json;

/// The events as if every task ran on a thread with its own number.
Json trace_of(const Script &script)
{
    std::ostringstream out;
    TraceWriter writer{out};
    for (const auto &event : script.events()) {
        const auto *started = std::get_if<event::TaskStarted>(&event.body);
        writer.record(event.body, started != nullptr ? started->id.value : 0, event.at - start_of_time);
    }
    writer.finish(std::chrono::seconds{8});
    return Json::parse(out.str());
}

Json task_named(const Json &trace, const std::string &name)
{
    for (const auto &event : trace)
        if (event["name"] == name)
            return event;
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace)

BOOST_AUTO_TEST_CASE(a_task_is_a_complete_event)
{
    const auto pull = task_named(trace_of(good_build()), "sha256:aaaa");
    BOOST_TEST(pull["ph"] == "X");
    BOOST_TEST(pull["cat"] == "pull");
    BOOST_TEST(pull["ts"] == 100'000.0);
    BOOST_TEST(pull["dur"] == 6'300'000.0);
    BOOST_TEST(pull["args"]["parent"] == 3);
    BOOST_TEST(pull["args"]["bytes"] == 3'400'000);
    BOOST_TEST(pull["args"]["result"] == "done");
}

BOOST_AUTO_TEST_CASE(each_thread_has_a_lane_with_a_name)
{
    const auto trace = trace_of(good_build());
    std::size_t lanes = 0;
    for (const auto &event : trace)
        lanes += event["ph"] == "M" ? 1U : 0U;
    BOOST_TEST(lanes == 9U); // eight tasks, and the thread of everything else
    BOOST_TEST(trace[0]["args"]["name"] == "main");
}

BOOST_AUTO_TEST_CASE(notes_are_instants)
{
    BOOST_TEST(task_named(trace_of(good_build()), "isolation: ns (real root)")["ph"] == "i");
}

BOOST_AUTO_TEST_CASE(a_task_that_never_ended_is_there)
{
    Script script;
    script.at(1000).started(1, 0, TaskKind::build, "build");
    const auto build = task_named(trace_of(script), "build");
    BOOST_TEST(build["args"]["result"] == "unfinished");
    BOOST_TEST(build["dur"] == 7'000'000.0);
}

BOOST_AUTO_TEST_CASE(an_empty_trace_is_a_trace)
{
    BOOST_TEST(trace_of(Script{}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::ui::test
