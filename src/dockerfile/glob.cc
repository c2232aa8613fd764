#include "dockerfile/glob.hh"

#include "base/error.hh"
#include "dockerfile/chars.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

// Matching. A pattern is a list of elements: a character, any character, a run. For
// every element and every place of the value one bit tells whether the pattern from
// this element on can match from this place on; the bits are filled from the last
// element and the end of the value backwards, so that each needs only bits that are
// known. A match is then walked without ever going back: at a run, take one more
// character if the bits allow it (longest) or leave the run if they allow it
// (shortest). Backtracking matchers, and regular expressions that backtrack, take
// exponential time on "*a*a*a*b"; this takes elements x characters, always, and that
// product is bounded.

namespace mica::dockerfile {

namespace {

constexpr std::size_t max_work = std::size_t{1} << 24U;

struct Element {
    enum class Kind { character, any, run } kind = Kind::character;
    char32_t value = 0;
};
using Pattern = std::vector<Element>;
using Text = std::vector<char32_t>;

Text decode_all(std::string_view text)
{
    Text out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto character = decode(text, at);
        out.push_back(character.value);
        at += character.length;
    }
    return out;
}

std::string encode(const Text &text, std::size_t begin, std::size_t end)
{
    std::string out;
    for (auto at = begin; at < end; ++at)
        append(out, text[at]);
    return out;
}

Error bad_escape(std::string_view pattern, std::string_view what)
{
    return Error{ErrorKind::dockerfile, fmt::format("invalid pattern \"{}\" in ${{}}: {}", pattern, what)}
        .with_hint("a backslash may stand only before * ? \\ } and /");
}

Pattern parse(std::string_view pattern)
{
    const auto text = decode_all(pattern);
    Pattern out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto value = text[at];
        if (value == '*') {
            if (out.empty() || out.back().kind != Element::Kind::run)
                out.push_back({Element::Kind::run, 0});
            continue;
        }
        if (value == '?') {
            out.push_back({Element::Kind::any, 0});
            continue;
        }
        if (value == '\\') {
            if (++at == text.size())
                throw bad_escape(pattern, "it ends in a backslash");
            value = text[at];
            if (std::u32string_view{U"*?\\}/"}.find(value) == std::u32string_view::npos) {
                std::string shown;
                append(shown, value);
                throw bad_escape(pattern, fmt::format("unknown escape \\{}", shown));
            }
        }
        out.push_back({Element::Kind::character, value});
    }
    return out;
}

class Matcher {
public:
    Matcher(Pattern pattern, Text text) : pattern_{std::move(pattern)}, text_{std::move(text)}
    {
        const auto places = text_.size() + 1;
        if (places > max_work / (pattern_.size() + 1))
            throw Error{ErrorKind::dockerfile,
                        fmt::format("a pattern of {} and a value of {} characters in ${{}} are "
                                    "too long to be matched",
                                    pattern_.size(), text_.size())};
        can_.resize((pattern_.size() + 1) * places);
        fill();
    }

    [[nodiscard]] const Text &text() const { return text_; }
    /// First place from `from` on where a match begins.
    [[nodiscard]] std::optional<std::size_t> find(std::size_t from) const
    {
        for (auto at = from; at <= text_.size(); ++at)
            if (can(0, at))
                return at;
        return std::nullopt;
    }
    /// Where the match that begins at `at` ends; there must be one.
    [[nodiscard]] std::size_t end_of(std::size_t at, bool longest) const
    {
        for (std::size_t i = 0; i < pattern_.size();) {
            if (pattern_[i].kind != Element::Kind::run) {
                ++i;
                ++at;
            } else if (longest ? can_go_on(i, at) : !can(i + 1, at)) {
                ++at;
            } else {
                ++i;
            }
        }
        return at;
    }

private:
    [[nodiscard]] bool can(std::size_t element, std::size_t place) const
    {
        return can_[element * (text_.size() + 1) + place];
    }
    /// Whether the run `element` may take the character at `place`.
    [[nodiscard]] bool can_go_on(std::size_t element, std::size_t place) const
    {
        return place < text_.size() && text_[place] != '\n' && can(element, place + 1);
    }
    [[nodiscard]] bool fits(const Element &element, char32_t value) const
    {
        return element.kind == Element::Kind::any ? value != '\n' : value == element.value;
    }
    void fill()
    {
        const auto places = text_.size() + 1;
        for (std::size_t place = 0; place < places; ++place)
            can_[pattern_.size() * places + place] = true;
        for (auto i = pattern_.size(); i-- > 0;)
            for (auto place = places; place-- > 0;) {
                const auto &element = pattern_[i];
                can_[i * places + place] =
                    element.kind == Element::Kind::run
                        ? can(i + 1, place) || can_go_on(i, place)
                        : place < text_.size() && fits(element, text_[place]) && can(i + 1, place + 1);
            }
    }

    Pattern pattern_;
    Text text_;
    std::vector<bool> can_;
};

} // namespace

std::string remove_prefix(std::string_view value, std::string_view pattern, bool longest)
{
    const Matcher matcher{parse(pattern), decode_all(value)};
    if (matcher.find(0) != std::size_t{0})
        return std::string{value};
    return encode(matcher.text(), matcher.end_of(0, longest), matcher.text().size());
}

std::string remove_suffix(std::string_view value, std::string_view pattern, bool longest)
{
    auto elements = parse(pattern);
    auto text = decode_all(value);
    std::reverse(elements.begin(), elements.end());
    std::reverse(text.begin(), text.end());
    const Matcher matcher{std::move(elements), std::move(text)};
    if (matcher.find(0) != std::size_t{0})
        return std::string{value};
    Text rest{matcher.text().begin() + static_cast<std::ptrdiff_t>(matcher.end_of(0, longest)),
              matcher.text().end()};
    std::reverse(rest.begin(), rest.end());
    return encode(rest, 0, rest.size());
}

std::string replace(std::string_view value, std::string_view pattern, const Replacement &replacement)
{
    const Matcher matcher{parse(pattern), decode_all(value)};
    const auto &text = matcher.text();
    std::string out;
    std::size_t copied = 0; // where the last match ended
    for (std::size_t from = 0; from <= text.size();) {
        const auto begin = matcher.find(from);
        if (!begin)
            break;
        const auto end = matcher.end_of(*begin, true);
        out += encode(text, copied, *begin);
        // An empty match directly behind another match is no match of its own.
        if (end > copied || *begin == 0)
            out += replacement.text;
        if (out.size() > replacement.max_size)
            throw Error{ErrorKind::dockerfile, "the result of ${…//…} is too long"};
        copied = end;
        if (!replacement.all)
            break;
        from = std::max(from + 1, end);
    }
    return out + encode(text, copied, text.size());
}

} // namespace mica::dockerfile
