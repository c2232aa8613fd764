#include "net/retry.hh"

#include "base/stop.hh"
#include "base/text.hh"
#include "net/http_date.hh"
#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <string>

namespace mica::net {

namespace {

constexpr unsigned attempts_at_a_closed_door = 3;

bool is_closed_door(const Outcome &outcome)
{
    return outcome.failure == FailureKind::refused || outcome.failure == FailureKind::resolve;
}

bool may_pass(const Outcome &outcome)
{
    return outcome.failure ? is_passing(*outcome.failure) : is_passing(outcome.status);
}

} // namespace

bool is_passing(int status) noexcept
{
    switch (status) {
    case 408: // request timeout
    case 425: // too early
    case 429: // too many requests
    case 499: // a proxy's "client closed the connection"
    case 500:
    case 502:
    case 503:
    case 504:
    case 522: // a CDN's "connection timed out"
    case 524:
        return true;
    default:
        return false;
    }
}

bool is_passing(FailureKind failure) noexcept
{
    return failure != FailureKind::tls && failure != FailureKind::other;
}

std::optional<std::chrono::milliseconds> next_delay(const RetryPolicy &policy, unsigned tried,
                                                    const Outcome &outcome, double chance)
{
    using std::chrono::milliseconds;
    const auto most =
        is_closed_door(outcome) ? std::min(policy.attempts, attempts_at_a_closed_door) : policy.attempts;
    if (tried >= most || !may_pass(outcome))
        return std::nullopt;
    if (outcome.retry_after && *outcome.retry_after > policy.longest_retry_after)
        return std::nullopt;

    // Half of the pause is certain, half is up to chance: clients that failed together come
    // back apart, and none comes back at once.
    const auto doublings = std::min(tried == 0 ? 0U : tried - 1, 20U);
    const auto full =
        std::min<std::int64_t>(policy.first_delay.count() << doublings, policy.longest_delay.count());
    const auto spread =
        static_cast<std::int64_t>(static_cast<double>(full) / 2 * std::clamp(chance, 0.0, 1.0));
    const auto own = milliseconds{full - full / 2 + spread};
    if (!outcome.retry_after)
        return own;
    return *outcome.retry_after + own / 2;
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Time now)
{
    using namespace std::chrono;
    constexpr std::int64_t most = 365LL * 24 * 3600;
    value = trim(value);
    if (value.empty())
        return std::nullopt;
    std::int64_t count = 0;
    const auto *end = value.data() + value.size();
    if (const auto [rest, error] = std::from_chars(value.data(), end, count);
        rest == end && error == std::errc{})
        return count < 0 ? std::nullopt : std::optional{milliseconds{seconds{std::min(count, most)}}};
    const auto date = parse_http_date(value);
    if (!date)
        return std::nullopt;
    const auto wait =
        std::clamp<std::int64_t>(duration_cast<seconds>(*date - floor<seconds>(now)).count(), 0, most);
    return milliseconds{seconds{wait}};
}

void pause_for(std::chrono::milliseconds duration, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, duration, [] { return false; });
    throw_if_stopped(stop);
}

double random_chance()
{
    std::random_device device;
    return static_cast<double>(device()) / (static_cast<double>(std::random_device::max()) + 1.0);
}

} // namespace mica::net
