#include "net/retry.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

using namespace mica;
using namespace std::chrono_literals;
using net::FailureKind;
using net::next_delay;
using net::Outcome;
namespace data = boost::unit_test::data;

namespace {
const net::RetryPolicy policy{
    .attempts = 5, .first_delay = 1s, .longest_delay = 6s, .longest_retry_after = 60s};
} // namespace

BOOST_DATA_TEST_CASE(passing_statuses_are_tried_again, data::make({408, 429, 500, 502, 503, 504, 522}),
                     status)
{
    BOOST_TEST(next_delay(policy, 1, {.status = status}, 0.5).has_value());
}

BOOST_DATA_TEST_CASE(final_statuses_are_not, data::make({200, 201, 400, 401, 403, 404, 405, 416, 501}),
                     status)
{
    BOOST_TEST(!next_delay(policy, 1, {.status = status}, 0.5).has_value());
}

BOOST_AUTO_TEST_CASE(a_broken_connection_is_tried_again_a_bad_certificate_is_not)
{
    BOOST_TEST(next_delay(policy, 1, {.failure = FailureKind::broken}, 0).has_value());
    BOOST_TEST(next_delay(policy, 1, {.failure = FailureKind::timeout}, 0).has_value());
    BOOST_TEST(!next_delay(policy, 1, {.failure = FailureKind::tls}, 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_door_is_knocked_at_three_times)
{
    BOOST_TEST(next_delay(policy, 2, {.failure = FailureKind::refused}, 0).has_value());
    BOOST_TEST(!next_delay(policy, 3, {.failure = FailureKind::refused}, 0).has_value());
    BOOST_TEST(next_delay(policy, 3, {.failure = FailureKind::broken}, 0).has_value());
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest)
{
    const Outcome outcome{.status = 503};
    BOOST_TEST((next_delay(policy, 1, outcome, 0.0) == 500ms));
    BOOST_TEST((next_delay(policy, 2, outcome, 0.0) == 1s));
    BOOST_TEST((next_delay(policy, 3, outcome, 0.0) == 2s));
    BOOST_TEST((next_delay(policy, 4, outcome, 0.0) == 3s));
    BOOST_TEST(!next_delay(policy, 5, outcome, 0.0).has_value());
}

BOOST_AUTO_TEST_CASE(chance_spreads_over_the_second_half)
{
    const Outcome outcome{.status = 503};
    BOOST_TEST((next_delay(policy, 2, outcome, 0.5) == 1500ms));
    BOOST_TEST((*next_delay(policy, 2, outcome, 0.999) <= 2s));
}

BOOST_AUTO_TEST_CASE(retry_after_is_never_undercut)
{
    const auto delay = next_delay(policy, 1, {.status = 429, .retry_after = 10s}, 0.0);
    BOOST_TEST((delay >= 10s));
    BOOST_TEST((delay < 12s));
}

BOOST_AUTO_TEST_CASE(too_long_a_retry_after_ends_it)
{
    BOOST_TEST(!next_delay(policy, 1, {.status = 429, .retry_after = 61s}, 0.0).has_value());
}

BOOST_AUTO_TEST_CASE(retry_after_in_seconds)
{
    BOOST_TEST((net::parse_retry_after(" 120 ", Time{}) == 120s));
    BOOST_TEST((net::parse_retry_after("0", Time{}) == 0s));
}

BOOST_AUTO_TEST_CASE(retry_after_as_a_date)
{
    const auto now = from_unix(1'445'412'480); // Wed, 21 Oct 2015 07:28:00 GMT
    BOOST_TEST((net::parse_retry_after("Wed, 21 Oct 2015 07:28:30 GMT", now) == 30s));
    BOOST_TEST((net::parse_retry_after("Wed, 21 Oct 2015 07:27:00 GMT", now) == 0s));
}

BOOST_DATA_TEST_CASE(malformed_retry_after, data::make({"", "soon", "-1"}), value)
{
    BOOST_TEST(!net::parse_retry_after(value, Time{}).has_value());
}

BOOST_AUTO_TEST_CASE(a_pause_ends_when_stopped)
{
    std::stop_source source;
    const std::jthread stopper{[&] {
        std::this_thread::sleep_for(20ms);
        source.request_stop();
    }};
    const auto start = std::chrono::steady_clock::now();
    BOOST_CHECK_THROW(net::pause_for(10s, source.get_token()), Cancelled);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));
}
