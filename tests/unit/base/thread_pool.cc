#include "base/thread_pool.hh"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace mica;

BOOST_AUTO_TEST_SUITE(thread_pool)

BOOST_AUTO_TEST_CASE(results_come_out_of_the_future)
{
    ThreadPool pool{2};
    auto answer = pool.submit([] { return 42; });
    BOOST_TEST(answer.get() == 42);
}

BOOST_AUTO_TEST_CASE(so_do_exceptions)
{
    ThreadPool pool{1};
    auto failure = pool.submit([]() -> int { throw std::runtime_error{"x"}; });
    BOOST_CHECK_THROW(failure.get(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_destructor_runs_what_was_submitted)
{
    std::atomic<int> ran = 0;
    {
        ThreadPool pool{2};
        for (int i = 0; i < 100; ++i)
            static_cast<void>(pool.submit([&] { ++ran; }));
    }
    BOOST_TEST(ran == 100);
}

BOOST_AUTO_TEST_CASE(one_thread_keeps_the_order)
{
    std::vector<int> seen;
    {
        ThreadPool pool{1};
        for (int i = 0; i < 50; ++i)
            static_cast<void>(pool.submit([&seen, i] { seen.push_back(i); }));
    }
    BOOST_TEST(seen.size() == 50U);
    BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

BOOST_AUTO_TEST_CASE(there_is_always_a_processor)
{
    BOOST_TEST(usable_processors() >= 1U);
    BOOST_TEST(ThreadPool{}.size() == usable_processors());
}

BOOST_AUTO_TEST_SUITE_END()
