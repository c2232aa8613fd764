#pragma once
/// @file
/// When to try again, and after how long: pure functions of what happened.
#include "base/clock.hh"
#include "net/failure.hh"
#include "net/headers.hh"
#include <chrono>
#include <optional>
#include <random>
#include <stop_token>
#include <string_view>

namespace mica::net {

struct RetryPolicy {
    unsigned attempts = 5; ///< the first one included
    std::chrono::milliseconds first_delay{500};
    std::chrono::milliseconds longest_delay{20'000};
    /// A server that asks for more patience than this gets none.
    std::chrono::milliseconds longest_retry_after{120'000};
};

/// How an attempt went wrong: a status with its headers, or no answer at all.
struct Outcome {
    int status = 0; ///< zero: no answer
    std::optional<FailureKind> failure{};
    std::optional<std::chrono::milliseconds> retry_after{};
};

/// Whether the same request may do better later: 408, 425, 429, 5xx of the passing kind, and
/// every failure of the network but a refused certificate and what is not understood.
[[nodiscard]] bool is_passing(int status) noexcept;
[[nodiscard]] bool is_passing(FailureKind failure) noexcept;

/// The pause before the next attempt; nullopt: give up. `tried` attempts have failed (at
/// least 1); `chance` in [0, 1) spreads clients that failed together. The pause doubles from
/// attempt to attempt; Retry-After is never undercut. A name without address and a closed
/// door get three attempts at most: they are more often a typing error than an outage.
[[nodiscard]] std::optional<std::chrono::milliseconds> next_delay(const RetryPolicy &policy, unsigned tried,
                                                                  const Outcome &outcome, double chance);

/// Retry-After as seconds or as an HTTP date (RFC 9110, 10.2.3); nullopt when absent or malformed.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Time now);

/// Sleeps; throws Cancelled when stopped.
void pause_for(std::chrono::milliseconds duration, const std::stop_token &stop);

/// A number in [0, 1) from the system's entropy.
[[nodiscard]] double random_chance();

} // namespace mica::net
