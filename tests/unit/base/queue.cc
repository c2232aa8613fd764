#include "base/queue.hh"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

using namespace mica;

BOOST_AUTO_TEST_SUITE(queues)

BOOST_AUTO_TEST_CASE(items_come_out_in_order)
{
    BoundedQueue<int> queue{4};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(queue.push(i, {}));
    queue.close();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(queue.pop({}).value() == i);
    BOOST_TEST(!queue.pop({}).has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_queue_takes_nothing)
{
    BoundedQueue<int> queue{4};
    queue.close();
    BOOST_TEST(!queue.push(1, {}));
}

BOOST_AUTO_TEST_CASE(a_full_queue_waits_for_its_reader)
{
    BoundedQueue<int> queue{2};
    std::jthread writer{[&](const std::stop_token &stop) {
        for (int i = 0; i < 1000; ++i)
            static_cast<void>(queue.push(i, stop));
        queue.close();
    }};
    int sum = 0;
    while (const auto item = queue.pop({}))
        sum += *item;
    BOOST_TEST(sum == 499'500);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_both_kinds_of_waiting)
{
    std::stop_source stop;
    BoundedQueue<int> empty{1};
    BoundedQueue<int> full{1};
    BOOST_TEST(full.push(1, {}));
    bool popped = true;
    bool pushed = true;
    {
        const std::jthread reader{[&] { popped = empty.pop(stop.get_token()).has_value(); }};
        const std::jthread writer{[&] { pushed = full.push(2, stop.get_token()); }};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        stop.request_stop();
    }
    BOOST_TEST(!popped);
    BOOST_TEST(!pushed);
}

BOOST_AUTO_TEST_SUITE_END()
