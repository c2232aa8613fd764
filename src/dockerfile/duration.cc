#include "dockerfile/duration.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <utility>

namespace mica::dockerfile {

namespace {

constexpr auto max_value = std::uint64_t{std::numeric_limits<std::int64_t>::max()};

struct Unit {
    std::string_view name;
    std::uint64_t nanoseconds;
};
constexpr Unit units[] = {
    {"ns", 1},          {"us", 1'000},        {"\u00b5s", 1'000}, // micro sign
    {"\u03bcs", 1'000},                                           // Greek mu
    {"ms", 1'000'000},  {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view &text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

std::optional<std::uint64_t> times(std::uint64_t a, std::uint64_t b)
{
    return b != 0 && a > max_value / b ? std::nullopt : std::optional{a * b};
}

std::optional<std::uint64_t> whole_number(std::string_view digits)
{
    std::uint64_t value = 0;
    for (const char digit : digits) {
        const auto shifted = times(value, 10);
        const auto addend = static_cast<std::uint64_t>(digit - '0');
        if (!shifted || *shifted > max_value - addend)
            return std::nullopt;
        value = *shifted + addend;
    }
    return value;
}

/// 0.digits of a unit. Digits beyond what a double can tell do not count.
std::uint64_t fraction_of(std::string_view digits, std::uint64_t unit)
{
    double number = 0;
    double scale = 1;
    for (const char digit : digits.substr(0, 15)) {
        number = number * 10 + (digit - '0');
        scale *= 10;
    }
    return static_cast<std::uint64_t>(number * (static_cast<double>(unit) / scale));
}

const Unit *take_unit(std::string_view &text)
{
    const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c == '.' || is_digit(c); });
    const auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const auto *found =
        std::find_if(std::begin(units), std::end(units), [&](const Unit &unit) { return unit.name == name; });
    if (found == std::end(units))
        return nullptr;
    text.remove_prefix(name.size());
    return found;
}

/// One "12.5s" of the text.
std::optional<std::uint64_t> take_part(std::string_view &text)
{
    const auto whole = take_digits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits(text);
    }
    if (whole.empty() && fraction.empty())
        return std::nullopt;
    const auto *unit = take_unit(text);
    const auto number = whole_number(whole);
    if (unit == nullptr || !number)
        return std::nullopt;
    const auto value = times(*number, unit->nanoseconds);
    const auto rest = fraction_of(fraction, unit->nanoseconds);
    return value && *value <= max_value - rest ? std::optional{*value + rest} : std::nullopt;
}

std::optional<std::int64_t> parse(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    if (text == "0")
        return 0;
    if (text.empty())
        return std::nullopt;
    std::uint64_t sum = 0;
    while (!text.empty()) {
        const auto part = take_part(text);
        if (!part || *part > max_value - sum)
            return std::nullopt;
        sum += *part;
    }
    const auto value = static_cast<std::int64_t>(sum);
    return negative ? -value : value;
}

} // namespace

std::int64_t parse_duration(std::string_view text)
{
    if (const auto value = parse(text))
        return *value;
    throw Error{ErrorKind::dockerfile, fmt::format("invalid duration \"{}\"", text)}.with_hint(
        "a duration is a number with a unit (ns, us, ms, s, m, h), such as 1m30s, or 0");
}

} // namespace mica::dockerfile
