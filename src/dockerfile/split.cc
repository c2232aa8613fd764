#include "dockerfile/split.hh"

#include "dockerfile/chars.hh"
#include <algorithm>
#include <cstddef>

namespace mica::dockerfile {

namespace {

constexpr std::string_view blanks = "\t\n\v\f\r ";

std::string_view skip_blanks(std::string_view text)
{
    return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

/// Takes the word at the beginning of `text`. A quote or an escape that the line
/// ends in is forgiven: flags are checked later, by name.
std::string take_word(std::string_view &text, char escape)
{
    std::string word;
    char quote = 0;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quote == 0 && blanks.find(c) != std::string_view::npos)
            break;
        if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c != escape) {
            word += c;
        } else if (at + 1 < text.size()) {
            word += text[++at];
        }
    }
    text.remove_prefix(at);
    return word;
}

} // namespace

CommandParts split_command(std::string_view line, char escape)
{
    const auto text = trim_spaces(line);
    const auto keyword_end = std::min(text.find_first_of(word_blanks), text.size());
    CommandParts out;
    out.keyword = text.substr(0, keyword_end);
    auto rest = skip_blanks(text.substr(keyword_end));
    while (rest.starts_with("--")) {
        auto word = take_word(rest, escape);
        if (word == "--")
            break;
        out.flags.push_back(std::move(word));
        rest = skip_blanks(rest);
    }
    out.rest = trim_spaces(rest);
    return out;
}

} // namespace mica::dockerfile
