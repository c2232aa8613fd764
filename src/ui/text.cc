#include "ui/text.hh"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::ui {

namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0; ///< bytes; zero: not UTF-8 here
};

struct Range {
    char32_t first, last;
};

/// Ranges of Unicode that take no column: combining marks, joiners, variation selectors.
constexpr std::array<Range, 8> no_columns{{{0x0300, 0x036f},
                                           {0x0483, 0x0489},
                                           {0x0591, 0x05bd},
                                           {0x1ab0, 0x1aff},
                                           {0x200b, 0x200f},
                                           {0x20d0, 0x20ff},
                                           {0xfe00, 0xfe0f},
                                           {0xfe20, 0xfe2f}}};
/// Ranges that take two: East Asian wide and fullwidth forms, emoji.
constexpr std::array<Range, 9> two_columns{{{0x1100, 0x115f},
                                            {0x2e80, 0x303e},
                                            {0x3041, 0xa4cf},
                                            {0xac00, 0xd7a3},
                                            {0xf900, 0xfaff},
                                            {0xfe30, 0xfe6f},
                                            {0xff00, 0xff60},
                                            {0x1f300, 0x1faff},
                                            {0x20000, 0x3fffd}}};

template <std::size_t n> bool within(const std::array<Range, n> &ranges, char32_t value)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range &range) { return value >= range.first && value <= range.last; });
}

/// The first code point; overlong forms and surrogates do not count as UTF-8.
CodePoint decode(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return {first, 1};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size)
        return {};
    char32_t value = first & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return {};
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return {};
    return {value, size};
}

unsigned columns(char32_t value)
{
    if (within(no_columns, value))
        return 0;
    return within(two_columns, value) ? 2 : 1;
}

bool is_control(char32_t value)
{
    return value < 0x20 || (value >= 0x7f && value < 0xa0);
}

/// The length of the escape sequence at the start of `text` (which begins with
/// ESC): CSI up to its final byte, OSC up to BEL or ST, else two bytes.
std::size_t escape_length(std::string_view text)
{
    if (text.size() < 2)
        return text.size();
    if (text[1] == '[') {
        const auto *end =
            std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= '@' && c <= '~'; });
        return static_cast<std::size_t>(end - text.begin()) + (end == text.end() ? 0U : 1U);
    }
    if (text[1] == ']') {
        const auto end = text.find_first_of("\a\x1b", 2);
        if (end == std::string_view::npos)
            return text.size();
        return std::min(text.size(), end + (text[end] == '\a' ? 1U : 2U));
    }
    return 2;
}

/// Adds the first code point of `text` in visible form; returns its bytes.
std::size_t add_visible(std::string &out, std::string_view text)
{
    const auto [value, size] = decode(text);
    if (size == 0) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        return 1;
    }
    if (is_control(value))
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(value));
    else
        out += text.substr(0, size);
    return size;
}

} // namespace

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text[0] == '\n' || text[0] == '\t') {
            out += text[0];
            text.remove_prefix(1);
        } else {
            text.remove_prefix(add_visible(out, text));
        }
    }
    return out;
}

std::string plain_line(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text[0] == '\x1b') {
            text.remove_prefix(escape_length(text));
        } else if (text[0] == '\t') {
            out += "    ";
            text.remove_prefix(1);
        } else {
            text.remove_prefix(add_visible(out, text));
        }
    }
    return out;
}

unsigned display_width(std::string_view text)
{
    unsigned width = 0;
    while (!text.empty()) {
        const auto [value, size] = decode(text);
        width += size == 0 ? 1 : columns(value);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return width;
}

std::string cut(std::string_view text, unsigned width)
{
    if (display_width(text) <= width)
        return std::string{text};
    constexpr std::string_view mark = "...";
    if (width <= mark.size())
        return std::string{mark.substr(0, width)};
    const unsigned room = width - static_cast<unsigned>(mark.size());
    std::string out;
    unsigned used = 0;
    while (!text.empty()) {
        const auto [value, size] = decode(text);
        const unsigned more = size == 0 ? 1 : columns(value);
        if (used + more > room)
            break;
        used += more;
        const auto bytes = std::max<std::size_t>(size, 1);
        out += text.substr(0, bytes);
        text.remove_prefix(bytes);
    }
    out += mark;
    return out;
}

std::string format_size(std::uint64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{}B", bytes);
    constexpr std::array<const char *, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // 999.95 would be written as 1000.0 of the smaller unit.
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.1f}{}", value, units.at(unit));
}

std::string format_seconds(std::chrono::system_clock::duration time)
{
    return fmt::format("{:.1f}s", std::chrono::duration<double>(time).count());
}

std::string format_progress(std::uint64_t done, std::uint64_t total)
{
    return total == 0 ? format_size(done) : format_size(done) + " / " + format_size(total);
}

} // namespace mica::ui
