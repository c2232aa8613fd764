#include "dockerfile/sizes.hh"

#include "base/text.hh"
#include <charconv>
#include <limits>
#include <string>

namespace mica::dockerfile {

namespace {

std::optional<double> factor_of(std::string_view unit)
{
    constexpr std::string_view letters = "bkmgtp";
    if (unit.empty())
        return 1;
    const auto power = letters.find(unit.front());
    const auto rest = unit.substr(1);
    if (power == std::string_view::npos || !(rest.empty() || (power > 0 && (rest == "b" || rest == "ib"))))
        return std::nullopt;
    double factor = 1;
    for (std::size_t i = 0; i < power; ++i)
        factor *= 1024;
    return factor;
}

} // namespace

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    const auto last = text.find_last_of("0123456789. ");
    if (last == std::string_view::npos)
        return std::nullopt;
    const auto number = text.substr(0, text[last] == ' ' ? last : last + 1);
    const auto factor = factor_of(to_lower(text.substr(last + 1)));
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (!factor || error != std::errc{} || end != number.data() + number.size())
        return std::nullopt;
    value *= *factor;
    // The limit itself is no double; what is not below it (or no number) does not fit.
    if (!(value >= 0 && value < static_cast<double>(std::numeric_limits<std::int64_t>::max())))
        return std::nullopt;
    return static_cast<std::uint64_t>(value);
}

} // namespace mica::dockerfile
