#include "base/digest.hh"

#include "base/error.hh"
#include <cstring>
#include <fmt/format.h>

namespace mica {

namespace {

int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

} // namespace

Digest Digest::parse(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix)) {
        if (text.starts_with("sha512:") || text.starts_with("sha384:"))
            throw Error{ErrorKind::unsupported, fmt::format("digest {} is not a sha256 digest", text)};
        throw Error{ErrorKind::integrity,
                    fmt::format("\"{}\" is not a digest (sha256:<64 hex digits>)", text)};
    }
    const auto hex = text.substr(prefix.size());
    if (hex.size() != 2 * size)
        throw Error{ErrorKind::integrity, fmt::format("digest \"{}\" has not 64 hex digits", text)};
    Bytes bytes{};
    for (std::size_t i = 0; i < size; ++i) {
        const int high = nibble(hex[2 * i]);
        const int low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            throw Error{ErrorKind::integrity, fmt::format("digest \"{}\" is not lower-case hex", text)};
        bytes[i] = static_cast<std::byte>(high * 16 + low);
    }
    return Digest{bytes};
}

std::string Digest::str() const
{
    return "sha256:" + hex();
}

std::string Digest::hex() const
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * size);
    for (const std::byte b : bytes_) {
        out += digits[std::to_integer<std::size_t>(b >> 4)];
        out += digits[std::to_integer<std::size_t>(b & std::byte{15})];
    }
    return out;
}

} // namespace mica

std::size_t std::hash<mica::Digest>::operator()(const mica::Digest &digest) const noexcept
{
    std::size_t value = 0; // the bytes are already uniformly distributed
    std::memcpy(&value, digest.bytes().data(), sizeof value);
    return value;
}
