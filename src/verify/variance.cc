#include "verify/variance.hh"

#include "layer/layer_reader.hh"
#include "oci/open_layer.hh"
#include "verify/path_rules.hh"
#include "verify/text_diff.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace mica::verify {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 20; ///< of a file that is searched

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::uint32_t little_endian(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::int64_t seconds(Time time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// Ten digits, neither more nor fewer, that are a second within the build.
bool has_seconds_of_build(std::string_view bytes, const BuildSurroundings &build)
{
    constexpr std::size_t digits = 10;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end < bytes.size() && is_digit(bytes[end]))
            ++end;
        if (end - at == digits) {
            std::int64_t value = 0;
            for (auto i = at; i < end; ++i)
                value = value * 10 + (bytes[i] - '0');
            if (value >= seconds(build.started) - 1 && value <= seconds(build.finished) + 1)
                return true;
        }
        at = end + 1;
    }
    return false;
}

/// "2026-11-25", "Nov 25 2026" and "25 Nov 2026", with one or two blanks or zeros as programs write them.
std::vector<std::string> spellings(Time day)
{
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(day)};
    const auto year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month()), of_month = static_cast<unsigned>(date.day());
    const auto *name = months[month - 1];
    return {fmt::format("{:04}-{:02}-{:02}", year, month, of_month),
            fmt::format("{} {:>2} {}", name, of_month, year),
            fmt::format("{} {:02} {}", name, of_month, year),
            fmt::format("{:02} {} {}", of_month, name, year),
            fmt::format("{:04}/{:02}/{:02}", year, month, of_month),
            fmt::format("{} {:>2} ", name, of_month)};
}

bool has_day_of_build(std::string_view bytes, const BuildSurroundings &build)
{
    for (const auto day : {build.started, build.finished})
        for (const auto &text : spellings(day)) {
            const auto at = bytes.find(text);
            if (at == std::string_view::npos)
                continue;
            if (!text.ends_with(' '))
                return true;
            const auto rest = bytes.substr(at + text.size(), 3); // "Nov 25 " must be followed by a clock
            if (rest.size() == 3 && is_digit(rest[0]) && is_digit(rest[1]) && rest[2] == ':')
                return true;
        }
    return false;
}

bool has_host_name(std::string_view bytes, const std::string &name)
{
    constexpr std::size_t shortest = 5; // shorter ones stand everywhere
    return name.size() >= shortest && name != "localhost" && bytes.find(name) != std::string_view::npos;
}

bool has_member_times(std::string_view bytes)
{
    if (bytes.starts_with("!<arch>\n") && bytes.size() >= 68)
        return bytes.substr(24, 2) != "0 ";
    return false;
}

} // namespace

Cause suspect(std::string_view path, std::string_view bytes, const BuildSurroundings &build)
{
    if (const auto *rule = find_path_rule(path); rule != nullptr && rule->always_varies)
        return {rule->code, rule->sentence};
    if (path.ends_with(".pyc") && bytes.size() >= 16 && little_endian(bytes, 4) == 0 &&
        little_endian(bytes, 8) >= seconds(build.started))
        return {"pyc-time", "compiled Python names the time of its source: --fixup=pyc"};
    if (bytes.starts_with("\x1f\x8b\x08") && bytes.size() >= 10 && little_endian(bytes, 4) != 0)
        return {"gzip-time", "a gzip header holds a time: gzip -n, or --fixup=gzip"};
    if (has_member_times(bytes))
        return {"ar-times", "a static library holds times of its members: ar with D, or --fixup=ar"};
    if (bytes.starts_with("PK\3\4") && bytes.size() >= 30)
        if (const auto year = (little_endian(bytes, 10) >> 25U) + 1980;
            static_cast<int>(year) ==
            static_cast<int>(
                std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(build.finished)}.year()))
            return {"archive-times", "a zip or jar file holds times of this year: --fixup=zip"};
    if (has_seconds_of_build(bytes, build) || has_day_of_build(bytes, build))
        return {"build-time",
                "holds the time of the build: tools that heed SOURCE_DATE_EPOCH do not write it"};
    if (has_host_name(bytes, build.host_name))
        return {"host-name", "holds the name of this host"};
    return {};
}

std::vector<Suspicion> find_variance(const oci::PlacedLayer &layer, const BuildSurroundings &surroundings,
                                     std::size_t most, const std::stop_token &stop)
{
    std::vector<Suspicion> all;
    layer::read_layer(
        oci::open_layer(layer, stop),
        [&](const layer::Change &change, Source *body) {
            const auto &entry = change.entry;
            if (change.kind != layer::Change::Kind::upsert || entry.type != tar::FileType::regular)
                return;
            std::string bytes;
            if (body != nullptr) {
                bytes.resize(std::min(entry.size, most_bytes));
                bytes.resize(read_full(*body, std::as_writable_bytes(std::span{bytes})));
            }
            if (auto cause = suspect(entry.path, bytes, surroundings); !cause.code.empty())
                all.push_back({entry.path, std::move(cause)});
        },
        stop);
    std::map<std::string, int> seen;
    std::stable_partition(all.begin(), all.end(),
                          [&](const Suspicion &suspicion) { return seen[suspicion.cause.code]++ == 0; });
    if (all.size() > most)
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(most), all.end());
    return all;
}

} // namespace mica::verify
