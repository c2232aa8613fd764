#include "net/http_date.hh"

#include "base/text.hh"
#include <array>
#include <curl/curl.h>
#include <fmt/format.h>
#include <string>

namespace mica::net {

std::optional<Time> parse_http_date(std::string_view value)
{
    const auto date = curl_getdate(std::string{trim(value)}.c_str(), nullptr);
    return date < 0 ? std::nullopt : std::optional{from_unix(date)};
}

std::string format_http_date(Time time)
{
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                       months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

} // namespace mica::net
