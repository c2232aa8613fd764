#pragma once
/// @file
/// Time as values: instants, RFC 3339 text, and where "now" comes from.
#include <chrono>
#include <string>
#include <string_view>

namespace mica {

using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// "2006-01-02T15:04:05[.999999999]Z", always UTC, no trailing zeros of the fraction.
[[nodiscard]] std::string format_rfc3339(Time time);
/// Takes any RFC 3339 date-time with offset; throws Error (integrity).
[[nodiscard]] Time parse_rfc3339(std::string_view text);
[[nodiscard]] Time from_unix(std::int64_t seconds);

/// Where "now" comes from; tests and reproducible builds give a fixed one.
/// now() may be called from any thread.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
};

class FixedClock final : public Clock {
public:
    explicit FixedClock(Time time) : time_{time} {}
    [[nodiscard]] Time now() const override { return time_; }

private:
    Time time_;
};

} // namespace mica
