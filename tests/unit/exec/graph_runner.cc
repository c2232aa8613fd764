#include "exec/graph_runner.hh"

#include "base/error.hh"
#include <algorithm>
#include <atomic>
#include <barrier>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <thread>

using namespace mica;
using namespace mica::exec;

namespace {

void ignore(const std::exception_ptr &) {}

} // namespace

BOOST_AUTO_TEST_SUITE(graph_runner)

BOOST_AUTO_TEST_CASE(a_node_runs_after_all_its_inputs)
{
    std::mutex mutex;
    std::vector<std::uint32_t> order;
    run_graph({{{}, {0}, {0}, {1, 2}}, 0},
              [&](std::uint32_t node, const std::stop_token &) {
                  const std::scoped_lock lock{mutex};
                  order.push_back(node);
              },
              ignore, {});
    BOOST_TEST(order.size() == 4U);
    BOOST_TEST(order.front() == 0U);
    BOOST_TEST(order.back() == 3U);
}

BOOST_AUTO_TEST_CASE(independent_nodes_run_side_by_side)
{
    std::barrier meeting{3}; // returns only if all three are inside at once
    run_graph({{{}, {}, {}}, 0}, [&](std::uint32_t, const std::stop_token &) { meeting.arrive_and_wait(); },
              ignore, {});
}

BOOST_AUTO_TEST_CASE(no_more_nodes_run_at_once_than_jobs)
{
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    run_graph({std::vector<std::vector<std::uint32_t>>(8), 2},
              [&](std::uint32_t, const std::stop_token &) {
                  const int now = ++inside;
                  int seen = most;
                  while (seen < now && !most.compare_exchange_weak(seen, now))
                      continue;
                  std::this_thread::sleep_for(std::chrono::milliseconds{5});
                  --inside;
              },
              ignore, {});
    BOOST_TEST(most <= 2);
}

BOOST_AUTO_TEST_CASE(a_failure_keeps_its_users_from_starting)
{
    std::atomic<bool> started{false};
    const auto body = [&](std::uint32_t node, const std::stop_token &) {
        if (node == 0)
            throw Error{ErrorKind::io, "broken"};
        started = true;
    };
    BOOST_CHECK_THROW(run_graph({{{}, {0}}, 0}, body, ignore, {}), Error);
    BOOST_TEST(!started);
}

BOOST_AUTO_TEST_CASE(a_failure_stops_the_others)
{
    const auto body = [&](std::uint32_t node, const std::stop_token &stop) {
        if (node == 0)
            throw Error{ErrorKind::io, "broken"};
        while (!stop.stop_requested())
            std::this_thread::yield();
        throw Cancelled{};
    };
    BOOST_CHECK_EXCEPTION(run_graph({{{}, {}}, 0}, body, ignore, {}), Error,
                          [](const Error &error) { return error.message() == "broken"; });
}

BOOST_AUTO_TEST_CASE(a_second_failure_is_told)
{
    std::barrier meeting{2};
    int told = 0;
    const auto body = [&](std::uint32_t, const std::stop_token &) {
        meeting.arrive_and_wait();
        throw Error{ErrorKind::io, "broken"};
    };
    BOOST_CHECK_THROW(run_graph({{{}, {}}, 0}, body, [&](const std::exception_ptr &) { ++told; }, {}), Error);
    BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_from_outside_is_a_cancellation)
{
    std::stop_source stop;
    const auto body = [&](std::uint32_t, const std::stop_token &inner) {
        stop.request_stop();
        BOOST_TEST(inner.stop_requested());
        throw Cancelled{};
    };
    BOOST_CHECK_THROW(run_graph({{{}}, 0}, body, ignore, stop.get_token()), Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
