#include "verify/printable.hh"

#include "verify/text_diff.hh"
#include <fmt/format.h>

namespace mica::verify {

namespace {

/// Bytes of the character that begins here; 0: none does.
std::size_t character(std::string_view text)
{
    for (std::size_t length = 2; length <= 4 && length <= text.size(); ++length)
        if (is_text(text.substr(0, length)))
            return length;
    return 0;
}

/// Characters that turn the direction of writing, or cannot be seen: they can hide what a text says.
bool is_hidden(std::string_view character)
{
    return character == "\u200b" || character == "\ufeff" ||
           (character >= "\u200e" && character <= "\u200f") ||
           (character >= "\u202a" && character <= "\u202e") ||
           (character >= "\u2066" && character <= "\u2069") ||
           (character >= "\u0080" && character <= "\u009f");
}

} // namespace

std::string printable(std::string_view text, bool keep_newlines)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte >= 0x20 && byte < 0x7f) || byte == '\t' || (byte == '\n' && keep_newlines)) {
            out += text[at++];
            continue;
        }
        const auto length = byte < 0x80 ? 0 : character(text.substr(at));
        if (length != 0 && !is_hidden(text.substr(at, length))) {
            out += text.substr(at, length);
            at += length;
            continue;
        }
        out += fmt::format("\\x{:02x}", byte);
        ++at;
    }
    return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80)
        --most;
    return text.substr(0, most);
}

} // namespace mica::verify
