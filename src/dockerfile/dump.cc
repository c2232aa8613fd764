#include "dockerfile/dump.hh"

#include "base/text.hh"
#include "dockerfile/chars.hh"
#include <fmt/format.h>

namespace mica::dockerfile {

namespace {

std::string escaped(char32_t value)
{
    constexpr std::string_view letters = "abtnvfr"; // \a is 7, and so on in order
    if (value == '"' || value == '\\')
        return {'\\', static_cast<char>(value)};
    if (value >= 7 && value <= 13)
        return {'\\', letters[value - 7]};
    if (value >= first_raw_byte)
        return fmt::format("\\x{:02x}", value - first_raw_byte);
    if (value < 0x80)
        return fmt::format("\\x{:02x}", static_cast<unsigned>(value));
    return value < 0x10000 ? fmt::format("\\u{:04x}", static_cast<unsigned>(value))
                           : fmt::format("\\U{:08x}", static_cast<unsigned>(value));
}

} // namespace

std::string quote(std::string_view text)
{
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto character = decode(text, at);
        if (is_printable(character.value) && character.value != '"' && character.value != '\\')
            out += text.substr(at, character.length);
        else
            out += escaped(character.value);
        at += character.length;
    }
    return out + '"';
}

std::string dump(const Node &node)
{
    std::string out = to_lower(node.keyword);
    for (std::size_t i = 0; i < node.flags.size(); ++i)
        out += (i == 0 ? " [" : " ") + quote(node.flags[i]);
    if (!node.flags.empty())
        out += ']';
    for (const auto &argument : node.arguments)
        out += ' ' + quote(argument);
    if (node.nested)
        out += " (" + dump(*node.nested) + ")";
    return std::string{trim_spaces(out)};
}

std::string dump(const Ast &ast)
{
    std::string out;
    for (const auto &node : ast.instructions)
        out += "(" + dump(node) + ")\n";
    return std::string{trim_spaces(out)};
}

} // namespace mica::dockerfile
