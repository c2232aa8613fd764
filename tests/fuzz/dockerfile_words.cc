// Any text expands or is refused; quoting and escaping are undone exactly; patterns
// only ever take a part away.
#include "base/error.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/glob.hh"
#include "dockerfile/heredoc.hh"
#include "dockerfile/words.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace mica;
using namespace mica::dockerfile;
using fuzz::require;

const EnvList &environment()
{
    static const auto list = EnvList::parse({"A=a", "E=", "B=b c", "P=/usr/lib:/lib", "G=a*b?c\\d", "Q='\""});
    return list;
}

std::string expand(std::string_view text, const ExpandOptions &options)
{
    return expand_word(text, environment(), options).words.front();
}

void check_quoting(const std::string &text, char escape)
{
    if (text.find('\'') == std::string::npos)
        require(expand("'" + text + "'", {.escape = escape}) == text, "single quotes keep a text");
    std::string escaped;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = decode(text, at);
        escaped += escape + text.substr(at, character.length);
        at += character.length;
    }
    require(expand(escaped, {.escape = escape}) == text, "escapes keep a text");
}

void check_splitting(const std::string &text, char escape)
{
    const auto words = split_words(text, escape);
    std::string joined;
    for (const auto &word : words)
        joined += (joined.empty() ? "" : " ") + word;
    // An open quote swallows the blanks behind it, and an escape at the end is dropped.
    const auto again = split_words(joined, escape);
    require(again == words, "words that are joined split as before");
}

void check_patterns(const std::string &pattern, const std::string &value)
{
    const auto shorter = remove_prefix(value, pattern, true);
    const auto longer = remove_prefix(value, pattern, false);
    require(longer.ends_with(shorter) && value.ends_with(longer),
            "a prefix is taken off, the longest the most");
    const auto left = remove_suffix(value, pattern, true);
    const auto more = remove_suffix(value, pattern, false);
    require(more.starts_with(left) && value.starts_with(more), "a suffix is taken off, the longest the most");
    const auto gone = replace(value, pattern, {"", true, value.size()});
    require(gone.size() <= value.size(), "taking out makes no longer");
}

template <class Body> void may_refuse(Body &&body)
try {
    body();
} catch (const Error &error) {
    require(error.kind() == ErrorKind::dockerfile, "an error of the Dockerfile's kind");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const unsigned choice = bytes[0];
    const std::string text{reinterpret_cast<const char *>(bytes) + 1, size - 1};
    const ExpandOptions options{.escape = (choice & 1U) != 0 ? '`' : '\\',
                                .raw_quotes = (choice & 2U) != 0,
                                .skip_unset = (choice & 4U) != 0,
                                .keep_quotes = (choice & 8U) != 0,
                                .keep_escapes = (choice & 16U) != 0};
    may_refuse([&] { static_cast<void>(expand(text, options)); });
    may_refuse([&] { static_cast<void>(expand_words(text, environment(), options)); });
    may_refuse([&] { static_cast<void>(heredocs_of_line(text)); });
    check_quoting(text, options.escape);
    check_splitting(text, options.escape);
    const auto middle = text.find('\n');
    if (middle != std::string::npos)
        may_refuse([&] { check_patterns(text.substr(0, middle), text.substr(middle + 1)); });
    return 0;
}
