#include "cli/kaniko/duration.hh"

#include "base/error.hh"
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace mica::cli::kaniko {

namespace {

constexpr double longest = 100.0 * 365 * 86400;

/// Longer names first: "ms" is no "m".
constexpr std::array<std::pair<std::string_view, double>, 8> units{
    {{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"μs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}}};

/// Takes a number with its unit off the beginning; negative: there is none.
double take_part(std::string_view &rest)
{
    double number = 0;
    const auto *const end = rest.data() + rest.size();
    const auto [after, failure] = std::from_chars(rest.data(), end, number, std::chars_format::fixed);
    if (failure != std::errc{} || !(number >= 0))
        return -1;
    rest.remove_prefix(static_cast<std::size_t>(after - rest.data()));
    for (const auto &[name, seconds] : units)
        if (rest.starts_with(name)) {
            rest.remove_prefix(name.size());
            return number * seconds;
        }
    return -1;
}

} // namespace

std::chrono::seconds parse_duration(std::string_view text)
{
    if (text == "0")
        return {};
    auto rest = text.substr(text.starts_with('+') ? 1 : 0);
    bool is_good = !rest.empty();
    double total = 0;
    while (is_good && !rest.empty()) {
        const auto part = take_part(rest);
        total += part;
        is_good = part >= 0 && total <= longest;
    }
    if (!is_good)
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no span of time, like 336h or 1h30m", text)};
    return std::chrono::seconds{static_cast<std::int64_t>(total)};
}

} // namespace mica::cli::kaniko
