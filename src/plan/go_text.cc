#include "plan/go_text.hh"
#include "base/text.hh"
#include "dockerfile/dump.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// Digits of a fraction without trailing zeros, with its point; empty for zero.
std::string fraction(std::uint64_t value, int digits)
{
    auto text = fmt::format("{:0{}}", value, digits);
    text.erase(text.find_last_not_of('0') + 1);
    return text.empty() ? text : "." + text;
}

} // namespace

std::string quoted_list(std::span<const std::string> words)
{
    std::string out = "[";
    for (const auto &word : words) {
        if (out.size() > 1)
            out += ' ';
        out += dockerfile::quote(word);
    }
    return out + "]";
}

std::string plain_list(std::span<const std::string> words)
{
    return "[" + join(words, " ") + "]";
}

std::string duration_text(std::int64_t nanoseconds)
{
    constexpr std::uint64_t micro = 1'000, milli = 1'000'000, second = 1'000'000'000;
    if (nanoseconds == 0)
        return "0s";
    const std::string sign = nanoseconds < 0 ? "-" : "";
    const auto bits = static_cast<std::uint64_t>(nanoseconds);
    const auto all = nanoseconds < 0 ? 0 - bits : bits;
    if (all < micro)
        return fmt::format("{}{}ns", sign, all);
    if (all < milli)
        return fmt::format("{}{}{}µs", sign, all / micro, fraction(all % micro, 3));
    if (all < second)
        return fmt::format("{}{}{}ms", sign, all / milli, fraction(all % milli, 6));
    const auto seconds = all / second;
    auto out = fmt::format("{}{}s", seconds % 60, fraction(all % second, 9));
    if (seconds >= 60)
        out = fmt::format("{}m{}", seconds / 60 % 60, out);
    if (seconds >= 3600)
        out = fmt::format("{}h{}", seconds / 3600, out);
    return sign + out;
}

std::string healthcheck_text(const oci::Healthcheck &check)
{
    return fmt::format("{{Test:{} Interval:{} Timeout:{} StartPeriod:{} StartInterval:{} Retries:{}}}",
                       plain_list(check.test), duration_text(check.interval), duration_text(check.timeout),
                       duration_text(check.start_period), duration_text(check.start_interval), check.retries);
}

} // namespace mica::plan
