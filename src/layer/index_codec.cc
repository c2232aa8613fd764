#include "layer/index_codec.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace mica::layer {

void put_number(std::string &out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>((value & 0x7f) | 0x80);
    out += static_cast<char>(value);
}

void put_signed(std::string &out, std::int64_t value)
{
    const auto shifted = static_cast<std::uint64_t>(value) << 1;
    put_number(out, value < 0 ? ~shifted : shifted);
}

void put_text(std::string &out, std::string_view text)
{
    put_number(out, text.size());
    out += text;
}

std::uint64_t IndexCursor::number()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes(1).front());
        if (shift == 63 && byte > 1)
            break;
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if ((byte & 0x80U) == 0)
            return value;
    }
    throw_broken_index("a number is too large");
}

void IndexCursor::skip_number()
{
    const auto last = std::ranges::find_if(
        rest_, [](char byte) { return (static_cast<unsigned char>(byte) & 0x80U) == 0; });
    if (last == rest_.end())
        throw_broken_index("it is cut short");
    rest_.remove_prefix(static_cast<std::size_t>(last - rest_.begin()) + 1);
}

std::uint32_t IndexCursor::small_number()
{
    const std::uint64_t value = number();
    if (value > std::numeric_limits<std::uint32_t>::max())
        throw_broken_index("a number is too large");
    return static_cast<std::uint32_t>(value);
}

std::int64_t IndexCursor::signed_number()
{
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value & 1) != 0 ? ~(value >> 1) : value >> 1);
}

std::string_view IndexCursor::text()
{
    return bytes(number());
}

std::string_view IndexCursor::bytes(std::uint64_t count)
{
    if (count > rest_.size())
        throw_broken_index("it is cut short");
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
}

void throw_broken_index(std::string_view why)
{
    throw Error{ErrorKind::integrity, fmt::format("the index of a layer is broken: {}", why)};
}

} // namespace mica::layer
