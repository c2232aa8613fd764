#include "context/ignore.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/path_text.hh"
#include <fmt/format.h>

namespace mica::context {

namespace {

constexpr std::size_t longest_line = 64 * 1024;

SourceSpan at_line(std::string_view file_name, std::size_t line)
{
    const auto number = static_cast<std::uint32_t>(line);
    return {.file = std::string{file_name}, .first_line = number, .last_line = number};
}

std::string normal_path(std::string_view text)
{
    if (text.empty())
        return {};
    auto path = clean_path(text);
    if (path.size() > 1 && path.front() == '/')
        path.erase(0, 1);
    return path;
}

/// One line as a pattern; empty if it says nothing.
std::string pattern_of(std::string_view line)
{
    if (line.starts_with('#'))
        return {};
    line = trim_unicode(line);
    if (!line.starts_with('!'))
        return normal_path(line);
    return "!" + normal_path(trim_unicode(line.substr(1)));
}

template <class Take> void for_each_pattern(std::string_view text, std::string_view file_name, Take take)
{
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    std::size_t number = 0;
    for (const auto line : split(text, '\n')) {
        ++number;
        if (line.size() > longest_line)
            throw Error{ErrorKind::usage, fmt::format("{} line {} is longer than 64 KiB", file_name, number)}
                .at(at_line(file_name, number));
        if (auto pattern = pattern_of(line); !pattern.empty())
            take(std::move(pattern), number);
    }
}

} // namespace

std::vector<std::string> read_ignore_file(std::string_view text, std::string_view file_name)
{
    std::vector<std::string> patterns;
    for_each_pattern(text, file_name,
                     [&](std::string pattern, std::size_t) { patterns.push_back(std::move(pattern)); });
    return patterns;
}

std::vector<std::string> read_valid_ignore_file(std::string_view text, std::string_view file_name)
{
    std::vector<std::string> patterns;
    for_each_pattern(text, file_name, [&](std::string pattern, std::size_t line) {
        in_context([&] { return fmt::format("{} line {}", file_name, line); },
                   [&] {
                       at_span(at_line(file_name, line),
                               [&] { return IgnoreList{std::vector<std::string>{pattern}}; });
                   });
        patterns.push_back(std::move(pattern));
    });
    return patterns;
}

} // namespace mica::context
