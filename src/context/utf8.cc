#include "context/utf8.hh"

namespace mica::context {

CodePoint decode_utf8(std::string_view text)
{
    constexpr CodePoint bad{replacement_character, 1};
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
        return bad;
    char32_t code = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!is_utf8_continuation(text[i]))
            return bad;
        code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return bad;
    return {code, size};
}

} // namespace mica::context
