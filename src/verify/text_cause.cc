#include "base/text.hh"
#include "verify/cause.hh"
#include "verify/text_diff.hh"
#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

// Texts that differ are compared again with something blurred: digits, long hexadecimal numbers, blanks,
// paths. The first blur under which the lines that differ become equal tells what differs. Cheap blurs that
// say much come first, so that a date is not taken for a random number.

namespace mica::verify {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array time_words{
    "jan",    "feb",     "mar",       "apr",      "may",    "jun",       "jul",     "aug",      "sep",
    "oct",    "nov",     "dec",       "mon",      "tue",    "wed",       "thu",     "fri",      "sat",
    "sun",    "utc",     "gmt",       "cet",      "cest",   "am",        "pm",      "january",  "february",
    "march",  "april",   "june",      "july",     "august", "september", "october", "november", "december",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",  "sunday"};

/// Replaces each word that `blurs` says so of by one character.
std::string blur_words(std::string_view line, char with, const std::function<bool(std::string_view)> &blurs)
{
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at;
        while (end < line.size() && is_word(line[end]))
            ++end;
        if (end == at) {
            out += line[at++];
            continue;
        }
        const auto word = line.substr(at, end - at);
        if (blurs(word))
            out += with;
        else
            out += word;
        at = end;
    }
    return out;
}

std::string without_dates(std::string_view line)
{
    return blur_words(line, '0', [](std::string_view word) {
        if (std::all_of(word.begin(), word.end(), is_digit))
            return true;
        if (word.size() >= 3 && is_digit(word.front())) // 20T10, 05Z
            return std::all_of(word.begin(), word.end(),
                               [](char c) { return is_digit(c) || c == 'T' || c == 'Z'; });
        const auto lower = to_lower(word);
        return std::any_of(time_words.begin(), time_words.end(),
                           [&](const char *name) { return lower == name; });
    });
}

/// Runs of digits as one; letters around them stay, so that random words are not taken for numbers.
std::string without_numbers(std::string_view line)
{
    std::string out;
    for (const char c : line)
        if (!is_digit(c))
            out += c;
        else if (out.empty() || out.back() != '0')
            out += '0';
    return out;
}

std::string without_hashes(std::string_view line)
{
    return blur_words(line, 'H', [](std::string_view word) {
        return word.size() >= 4 && std::all_of(word.begin(), word.end(), is_hex);
    });
}

/// Words that no language has: long, or with digits and letters.
std::string without_random(std::string_view line)
{
    return blur_words(line, 'R', [](std::string_view word) {
        return word.size() >= 12 || (word.size() >= 4 && std::any_of(word.begin(), word.end(), is_digit)) ||
               (word.size() >= 6 &&
                std::any_of(word.begin() + 1, word.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
                std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; }));
    });
}

std::string without_blanks(std::string_view line)
{
    std::string out;
    for (const char c : line)
        if (c != ' ' && c != '\t' && c != '\r')
            out += c;
    return out;
}

std::string without_paths(std::string_view line)
{
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] != '/' || (at > 0 && is_word(line[at - 1]))) {
            out += line[at++];
            continue;
        }
        out += '/';
        while (at < line.size() &&
               (is_word(line[at]) || std::string_view{"/._-+~"}.find(line[at]) != std::string_view::npos))
            ++at;
    }
    return out;
}

std::string without_end(std::string_view line)
{
    return std::string{line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0))};
}

struct Changed {
    std::vector<std::string> removed, added;
};

Changed changed_lines(std::string_view left, std::string_view right)
{
    Changed out;
    for (const auto &edit : line_edits(left, right)) {
        if (edit.kind == LineEdit::Kind::remove)
            out.removed.emplace_back(edit.line);
        else if (edit.kind == LineEdit::Kind::add)
            out.added.emplace_back(edit.line);
    }
    return out;
}

using Blur = std::function<std::string(std::string_view)>;

bool same_under(const Changed &lines, const Blur &blur)
{
    if (lines.removed.size() != lines.added.size() || lines.removed.empty())
        return false;
    return std::equal(lines.removed.begin(), lines.removed.end(), lines.added.begin(),
                      [&](const auto &a, const auto &b) { return blur(a) == blur(b); });
}

bool same_in_another_order(std::vector<std::string> a, std::vector<std::string> b)
{
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}

/// {"a":1,"b":2} and {"b":2,"a":1}: the same characters in another order, a line long.
bool same_letters(const Changed &lines)
{
    if (lines.removed.size() != 1 || lines.added.size() != 1 || lines.removed.front().size() < 8)
        return false;
    const auto parts = [](const std::string &line) {
        std::vector<std::string> words;
        std::string word;
        for (const char c : line) {
            if (is_word(c) || c == '_' || c == '"' || c == ':' || c == '=' || c == '-' || c == '.' ||
                c == '/') {
                word += c;
                continue;
            }
            if (!word.empty())
                words.push_back(std::exchange(word, {}));
        }
        if (!word.empty())
            words.push_back(word);
        std::sort(words.begin(), words.end());
        return words;
    };
    const auto a = parts(lines.removed.front());
    return a.size() > 1 && a == parts(lines.added.front());
}

bool looks_like_time(const Changed &lines)
{
    // Two digits with ":" and two more, a month's name, or seconds since 1970 in this half century.
    const auto line_has = [](const std::string &line) {
        for (std::size_t i = 0; i + 4 < line.size(); ++i)
            if (is_digit(line[i]) && is_digit(line[i + 1]) && (line[i + 2] == ':' || line[i + 2] == '-') &&
                is_digit(line[i + 3]) && is_digit(line[i + 4]))
                return true;
        std::size_t digits = 0;
        for (const char c : line + " ") {
            if (is_digit(c)) {
                ++digits;
                continue;
            }
            if (digits == 10 || digits == 13 || digits == 19)
                return true;
            digits = 0;
        }
        return without_dates(line) != without_numbers(line) && without_dates(line) != line;
    };
    return std::any_of(lines.removed.begin(), lines.removed.end(), line_has);
}

} // namespace

std::optional<Cause> text_cause(std::string_view left, std::string_view right)
{
    const auto lines = changed_lines(left, right);
    if (lines.removed.empty() && lines.added.empty())
        return Cause{"last-line", "the last line ends with a newline on one side only"};
    if (same_in_another_order(lines.removed, lines.added))
        return Cause{"order",
                     "the same lines in another order: of a directory, a hash table, or parallel work"};
    if (same_under(lines, without_end))
        return Cause{"line-endings", "lines end with CR LF on one side: a checkout's setting of line ends"};
    if (same_under(lines, without_dates) && looks_like_time(lines))
        return Cause{"build-time",
                     "holds the time of the build, or a date: set SOURCE_DATE_EPOCH in the RUN, or "
                     "tell the tool to leave it out"};
    if (same_under(lines, without_blanks))
        return Cause{"blanks", "blanks alone differ: another version of the tool, or a locale"};
    if (same_letters(lines))
        return Cause{"order", "the same parts in another order: of a hash table, or parallel work"};
    if (same_under(lines, without_hashes))
        return Cause{"random", "a random identifier, or a hash of something that differs"};
    if (same_under(lines, without_numbers))
        return Cause{"number", "numbers alone differ: versions, counters, process ids or processors"};
    if (same_under(lines, without_paths))
        return Cause{"build-path", "paths alone differ: the directory of the build, or a temporary one"};
    if (same_under(lines, without_random))
        return Cause{"random", "a random identifier, a temporary name or a hash"};
    if (same_under(lines, [](std::string_view line) { return without_paths(without_dates(line)); }))
        return Cause{"build-path", "paths and numbers alone differ: the directory of the build"};
    return std::nullopt;
}

} // namespace mica::verify
