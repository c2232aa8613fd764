#include "dockerfile/heredoc.hh"

#include "base/error.hh"
#include "dockerfile/words.hh"
#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <limits>

namespace mica::dockerfile {

namespace {

/// Heredoc words always use '\', whatever the escape directive says, and their
/// delimiters are never expanded: no variable is set.
constexpr char escape = '\\';

auto count_quotes(std::string_view text)
{
    return std::count_if(text.begin(), text.end(), [](char c) { return c == '\'' || c == '"'; });
}

unsigned read_fd(std::string_view digits)
{
    std::uint64_t value = 0;
    for (const char digit : digits)
        value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(digit - '0'),
                                        std::numeric_limits<unsigned>::max());
    return static_cast<unsigned>(value);
}

} // namespace

std::optional<Heredoc> parse_heredoc_word(std::string_view word)
{
    const auto arrows = std::min(word.find_first_not_of("0123456789"), word.size());
    if (word.substr(arrows, 2) != "<<")
        return std::nullopt;
    Heredoc out;
    out.fd = read_fd(word.substr(0, arrows));
    auto delimiter = word.substr(arrows + 2);
    if (delimiter.starts_with('-')) {
        out.chomp = true;
        delimiter.remove_prefix(1);
    }
    delimiter.remove_prefix(std::min(delimiter.find_first_not_of("\t\n\f\r "), delimiter.size()));
    if (delimiter.empty() || delimiter.find('<') != std::string_view::npos)
        return std::nullopt;

    // A delimiter is one word. It is quoted, so that the body is not expanded, if
    // processing it with the quotes kept leaves more quotes than without.
    const EnvList nothing;
    const auto words = expand_words(delimiter, nothing, {.escape = escape, .skip_unset = true}).words;
    if (words.size() != 1)
        return std::nullopt;
    const auto raw =
        expand_words(delimiter, nothing, {.escape = escape, .skip_unset = true, .keep_quotes = true}).words;
    if (raw.size() != 1)
        throw Error{ErrorKind::dockerfile, fmt::format("the heredoc delimiter {} makes no sense", delimiter)};
    out.name = words.front();
    out.expand = count_quotes(words.front()) == count_quotes(raw.front());
    return out;
}

std::vector<Heredoc> heredocs_of_line(std::string_view line)
{
    std::vector<std::string> words;
    try {
        words =
            expand_words(line, EnvList{},
                         {.escape = escape, .skip_unset = true, .keep_quotes = true, .keep_escapes = true})
                .words;
    } catch (const Error &) {
        return {}; // a line that is no sequence of words (unbalanced quotes) is the shell's business
    }
    std::vector<Heredoc> out;
    for (const auto &word : words)
        if (auto heredoc = parse_heredoc_word(word))
            out.push_back(*std::move(heredoc));
    return out;
}

std::string strip_leading_tabs(std::string_view body)
{
    std::string out;
    out.reserve(body.size());
    while (!body.empty()) {
        const auto end = body.find('\n');
        const auto length = end == std::string_view::npos ? body.size() : end + 1;
        const auto line = body.substr(0, length);
        out += line.substr(std::min(line.find_first_not_of('\t'), line.size()));
        body.remove_prefix(length);
    }
    return out;
}

} // namespace mica::dockerfile
