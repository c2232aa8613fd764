#include "base/clock.hh"

#include "base/error.hh"
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace mica {

namespace {

/// A cursor over fixed-width decimal fields; nullopt as soon as one is malformed.
class Fields {
public:
    explicit Fields(std::string_view text) : rest_{text} {}

    int number(std::size_t width)
    {
        int value = 0;
        const auto field = rest_.substr(0, width);
        const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
        if (field.size() != width || code != std::errc{} || end != field.data() + width || field[0] == '-')
            good_ = false;
        rest_.remove_prefix(field.size());
        return value;
    }
    void expect(std::string_view any_of)
    {
        if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos)
            good_ = false;
        else
            rest_.remove_prefix(1);
    }
    std::int64_t fraction_nanoseconds()
    {
        if (!rest_.starts_with('.'))
            return 0;
        rest_.remove_prefix(1);
        std::int64_t value = 0;
        std::int64_t scale = 100'000'000;
        bool any = false;
        while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
            value += scale * (rest_[0] - '0');
            scale /= 10;
            rest_.remove_prefix(1);
            any = true;
        }
        good_ = good_ && any;
        return value;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool good() const { return good_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<std::chrono::minutes> parse_offset(std::string_view text)
{
    if (text == "Z" || text == "z")
        return std::chrono::minutes{0};
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-'))
        return std::nullopt;
    Fields fields{text.substr(1)};
    const int hours = fields.number(2);
    fields.expect(":");
    const int minutes = fields.number(2);
    if (!fields.good() || hours > 23 || minutes > 59)
        return std::nullopt;
    const auto offset = std::chrono::minutes{hours * 60 + minutes};
    return text[0] == '-' ? -offset : offset;
}

} // namespace

std::string format_rfc3339(Time time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<nanoseconds>(time - day)};
    auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                            clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (const auto nanos = clock.subseconds().count(); nanos != 0) {
        auto fraction = fmt::format("{:09}", nanos);
        fraction.erase(fraction.find_last_not_of('0') + 1);
        text += "." + fraction;
    }
    return text + "Z";
}

Time parse_rfc3339(std::string_view text)
{
    using namespace std::chrono;
    Fields fields{text};
    const int y = fields.number(4);
    fields.expect("-");
    const int mo = fields.number(2);
    fields.expect("-");
    const int d = fields.number(2);
    fields.expect("Tt ");
    const int h = fields.number(2);
    fields.expect(":");
    const int mi = fields.number(2);
    fields.expect(":");
    const int s = fields.number(2);
    const auto nanos = fields.fraction_nanoseconds();
    const auto offset = parse_offset(fields.rest());
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!fields.good() || !offset || !date.ok() || h > 23 || mi > 59 || s > 60)
        throw Error{ErrorKind::integrity, fmt::format("\"{}\" is not an RFC 3339 time", text)};
    // Nanoseconds in 64 bits end in the year 2262; outside of them a time is the nearest there is.
    const sys_seconds whole = sys_days{date} + hours{h} + minutes{mi} + seconds{s} - *offset;
    if (whole <= floor<seconds>(Time::min()))
        return Time::min();
    if (whole >= floor<seconds>(Time::max()))
        return Time::max();
    return Time{whole} + nanoseconds{nanos};
}

Time from_unix(std::int64_t value)
{
    return Time{std::chrono::seconds{value}};
}

Time SystemClock::now() const
{
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

} // namespace mica
