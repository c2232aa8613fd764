#include "context/glob_syntax.hh"

#include "base/error.hh"
#include "context/utf8.hh"
#include <fmt/format.h>

namespace mica::context {

bool GlobReader::take(char expected)
{
    if (!rest_.starts_with(expected))
        return false;
    rest_.remove_prefix(1);
    return true;
}

char32_t GlobReader::character()
{
    const auto c = decode_utf8(rest_);
    rest_.remove_prefix(c.size);
    return c.code;
}

char32_t GlobReader::escaped()
{
    if (done())
        fail(R"(nothing follows the last "\")");
    return character();
}

char32_t GlobReader::class_member()
{
    if (done())
        fail(R"("[" has no "]")");
    if (take('\\'))
        return escaped();
    if (rest_.front() == '-' || rest_.front() == ']')
        fail(R"("-" or "]" must have "\" before it inside of "[…]")");
    return character();
}

CharacterClass GlobReader::character_class()
{
    CharacterClass result;
    result.negated = take('^');
    do {
        const auto first = class_member();
        const auto last = take('-') ? class_member() : first;
        if (last < first)
            fail("a range whose end comes before its beginning");
        result.ranges.emplace_back(first, last);
        if (done())
            fail(R"("[" has no "]")");
    } while (!take(']'));
    return result;
}

void GlobReader::fail(std::string_view why) const
{
    throw Error{ErrorKind::usage, fmt::format("syntax error in pattern \"{}\": {}", whole_, why)};
}

bool has_wildcard(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '*' || text[i] == '?' || text[i] == '[')
            return true;
    }
    return false;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            ++i;
        out += text[i];
    }
    return out;
}

GlobProgram compile_name_pattern(std::string_view pattern)
{
    GlobProgram program;
    GlobReader reader{pattern};
    while (!reader.done()) {
        if (reader.take('*'))
            program.add_run();
        else if (reader.take('?'))
            program.add_any();
        else if (reader.take('['))
            program.add_class(reader.character_class());
        else if (reader.take('\\'))
            program.add_character(reader.escaped());
        else
            program.add_character(reader.character());
    }
    return program;
}

} // namespace mica::context
