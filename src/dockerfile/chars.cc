#include "dockerfile/chars.hh"

#include "dockerfile/unicode.hh"
#include <algorithm>
#include <array>
#include <cstdint>

namespace mica::dockerfile {

namespace {

unsigned byte_at(std::string_view text, std::size_t position)
{
    return static_cast<unsigned char>(text[position]);
}

/// Length of the sequence that `lead` announces; 0 if it announces none.
std::size_t sequence_length(unsigned lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/// Not shorter than needed, no surrogate, within Unicode.
bool is_well_formed(char32_t value, std::size_t length)
{
    if (length == 3)
        return value >= 0x800 && (value < 0xd800 || value > 0xdfff);
    return length != 4 || (value >= 0x10000 && value <= 0x10ffff);
}

bool in(std::span<const CodePointRange> ranges, char32_t value)
{
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), value,
                         [](char32_t v, const CodePointRange &range) { return v < range.first; });
    return after != ranges.begin() && value <= std::prev(after)->last;
}

} // namespace

Character decode(std::string_view text, std::size_t position)
{
    const unsigned lead = byte_at(text, position);
    const Character raw{first_raw_byte + lead, 1};
    const auto length = sequence_length(lead);
    if (length == 1)
        return {lead, 1};
    if (length == 0 || length > text.size() - position)
        return raw;
    char32_t value = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const unsigned next = byte_at(text, position + i);
        if ((next & 0xc0U) != 0x80)
            return raw;
        value = value << 6U | (next & 0x3fU);
    }
    return is_well_formed(value, length) ? Character{value, length} : raw;
}

void append(std::string &text, char32_t value)
{
    const auto push = [&](char32_t byte) { text += static_cast<char>(byte & 0xffU); };
    if (value >= first_raw_byte) {
        push(value - first_raw_byte);
    } else if (value < 0x80) {
        push(value);
    } else if (value < 0x800) {
        push(0xc0U | value >> 6U);
        push(0x80U | (value & 0x3fU));
    } else if (value < 0x10000) {
        push(0xe0U | value >> 12U);
        push(0x80U | (value >> 6U & 0x3fU));
        push(0x80U | (value & 0x3fU));
    } else {
        push(0xf0U | value >> 18U);
        push(0x80U | (value >> 12U & 0x3fU));
        push(0x80U | (value >> 6U & 0x3fU));
        push(0x80U | (value & 0x3fU));
    }
}

bool is_space(char32_t value)
{
    if (value < 0x80)
        return value == ' ' || (value >= '\t' && value <= '\r');
    return value == 0x85 || value == 0xa0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200a) ||
           value == 0x2028 || value == 0x2029 || value == 0x202f || value == 0x205f || value == 0x3000;
}

bool is_digit(char32_t value)
{
    if (value < 0x80)
        return value >= '0' && value <= '9';
    return in(unicode_digits(), value);
}

bool is_name(char32_t value)
{
    if (value < 0x80)
        return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') || value == '_' ||
               is_digit(value);
    return in(unicode_letters(), value) || is_digit(value);
}

bool is_printable(char32_t value)
{
    if (value < 0x80)
        return value >= ' ' && value != 0x7f;
    return value < first_raw_byte && (value & 0xfffeU) != 0xfffe && !in(unicode_unprintable(), value);
}

std::string_view trim_spaces_left(std::string_view text)
{
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto character = decode(text, begin);
        if (!is_space(character.value))
            break;
        begin += character.length;
    }
    return text.substr(begin);
}

std::string_view trim_spaces(std::string_view text)
{
    text = trim_spaces_left(text);
    while (!text.empty()) {
        // Step back to the lead byte of the last character; no blank is longer than three bytes.
        std::size_t length = 1;
        while (length < 3 && length < text.size() && (byte_at(text, text.size() - length) & 0xc0U) == 0x80)
            ++length;
        const auto last = decode(text, text.size() - length);
        if (last.length != length || !is_space(last.value))
            break;
        text.remove_suffix(length);
    }
    return text;
}

} // namespace mica::dockerfile
