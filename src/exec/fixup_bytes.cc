#include "exec/fixup_bytes.hh"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace mica::exec {

namespace {

std::uint64_t number(const std::string &bytes, std::size_t at, unsigned size)
{
    std::uint64_t value = 0;
    for (unsigned i = size; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

void put(std::string &bytes, std::size_t at, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        bytes[at + i] = static_cast<char>(value >> (8 * i));
}

bool has(const std::string &bytes, std::size_t at, std::string_view magic)
{
    return at <= bytes.size() && bytes.compare(at, magic.size(), magic) == 0;
}

/// Time in the low half, date in the high one, two seconds a step, from 1980 on.
std::uint32_t dos_time(std::int64_t seconds)
{
    constexpr std::int64_t first = 315'532'800, last = 4'354'819'198; // 1980 and 2107
    const std::chrono::sys_seconds time{std::chrono::seconds{std::clamp(seconds, first, last)}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    const auto years = static_cast<unsigned>(static_cast<int>(date.year()) - 1980);
    const auto days =
        years << 9U | static_cast<unsigned>(date.month()) << 5U | static_cast<unsigned>(date.day());
    const auto hours = static_cast<unsigned>(clock.hours().count()) << 11U |
                       static_cast<unsigned>(clock.minutes().count()) << 5U |
                       static_cast<unsigned>(clock.seconds().count()) / 2;
    return days << 16U | hours;
}

/// Info-ZIP's extended timestamp (0x5455): flags, then times of four bytes. NTFS' (0x000a) has 24 bytes of
/// times at its end; they become those of 1601, which means "unknown".
void fix_extra(std::string &bytes, std::size_t at, std::size_t size, std::int64_t time)
{
    const auto end = at + size;
    while (at + 4 <= end) {
        const auto id = number(bytes, at, 2), length = number(bytes, at + 2, 2);
        at += 4;
        if (length > end - at)
            return;
        if (id == 0x5455)
            for (std::size_t i = 1; i + 4 <= length; i += 4)
                put(bytes, at + i, static_cast<std::uint64_t>(time), 4);
        if (id == 0x000a && length >= 32)
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at + 8), 24, '\0');
        at += length;
    }
}

/// The end of the directory: 22 bytes and a comment of at most 65535.
std::size_t find_zip_end(const std::string &bytes)
{
    constexpr std::size_t record = 22, longest_comment = 65535;
    if (bytes.size() < record)
        return std::string::npos;
    const auto first = bytes.size() - record;
    for (std::size_t back = 0; back <= std::min(first, longest_comment); ++back)
        if (has(bytes, first - back, "PK\5\6"))
            return first - back;
    return std::string::npos;
}

void fix_local_header(std::string &bytes, std::size_t at, std::uint32_t dos, std::int64_t time)
{
    constexpr std::size_t header = 30;
    if (!has(bytes, at, "PK\3\4") || bytes.size() - at < header)
        return;
    put(bytes, at + 10, dos, 4);
    const auto name = number(bytes, at + 26, 2), extra = number(bytes, at + 28, 2);
    if (name + extra <= bytes.size() - at - header)
        fix_extra(bytes, at + header + name, extra, time);
}

} // namespace

void fix_pyc(std::string &bytes, std::int64_t latest)
{
    constexpr std::size_t header = 16;
    if (bytes.size() < header || bytes[2] != '\r' || bytes[3] != '\n' || number(bytes, 4, 4) != 0)
        return; // flags that are not zero: the source's hash stands there, and no time
    const auto time = static_cast<std::int64_t>(number(bytes, 8, 4));
    put(bytes, 8, static_cast<std::uint64_t>(std::min(time, std::max<std::int64_t>(latest, 0))), 4);
}

void fix_ar(std::string &bytes)
{
    constexpr std::size_t header = 60;
    if (!has(bytes, 0, "!<arch>\n"))
        return;
    for (std::size_t at = 8; at + header <= bytes.size();) {
        if (!has(bytes, at + 58, "`\n"))
            return;
        std::uint64_t size = 0;
        for (std::size_t i = at + 48; i < at + 58 && bytes[i] >= '0' && bytes[i] <= '9'; ++i)
            size = size * 10 + static_cast<std::uint64_t>(bytes[i] - '0');
        bytes.replace(at + 16, 24, "0           0     0     ");
        at += header;
        if (size > bytes.size() - at)
            return;
        at += size + size % 2;
    }
}

void fix_gzip(std::string &bytes)
{
    constexpr std::size_t header = 10;
    if (bytes.size() >= header && has(bytes, 0, "\x1f\x8b\x08"))
        put(bytes, 4, 0, 4);
}

void fix_zip(std::string &bytes, std::int64_t time)
{
    constexpr std::size_t entry = 46;
    const auto end = find_zip_end(bytes);
    if (end == std::string::npos)
        return;
    const auto dos = dos_time(time);
    const auto size = number(bytes, end + 12, 4);
    auto at = number(bytes, end + 16, 4);
    if (size > end || at > end - size) // a zip64 directory lies elsewhere: left alone
        return;
    const auto last = at + size;
    while (at + entry <= last && has(bytes, at, "PK\1\2")) {
        const auto name = number(bytes, at + 28, 2), extra = number(bytes, at + 30, 2),
                   comment = number(bytes, at + 32, 2);
        if (name + extra + comment > last - at - entry)
            return;
        put(bytes, at + 12, dos, 4);
        fix_extra(bytes, at + entry + name, extra, std::max<std::int64_t>(time, 0));
        fix_local_header(bytes, number(bytes, at + 42, 4), dos, std::max<std::int64_t>(time, 0));
        at += entry + name + extra + comment;
    }
}

} // namespace mica::exec
