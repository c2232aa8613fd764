#include "ui/diagnostics.hh"

#include "base/text.hh"
#include "ui/style.hh"
#include "ui/text.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::ui {

namespace {

constexpr std::uint32_t lines_around = 2;  // shown before and after the place
constexpr std::uint32_t longest_place = 8; // lines of a long instruction that are shown

/// Blanks and carets under the columns of one line. Tabs are repeated, so that the
/// caret stands right whatever a tab's width is.
std::string caret_line(std::string_view line, std::uint32_t first, std::uint32_t last)
{
    const auto begin = std::min<std::size_t>(first - 1, line.size());
    const auto end = std::clamp<std::size_t>(last, begin + 1, std::max(line.size(), begin + 1));
    std::string out;
    for (const char c : line.substr(0, begin))
        out += c == '\t' ? '\t' : ' ';
    const auto marked = line.substr(begin, end - begin);
    return out + '^' + std::string(std::max(1U, display_width(marked)) - 1, '~');
}

/// The lines of the place with two around it, numbered; the place is marked.
class Excerpt {
public:
    Excerpt(const SourceSpan &span, std::string_view text, bool color)
        : span_{span}, lines_{split(text, '\n')}, style_{color}
    {
        if (!lines_.empty() && lines_.back().empty())
            lines_.pop_back(); // what follows the last newline
        last_ = std::max(span_.first_line, span_.last_line);
    }

    [[nodiscard]] std::string str() const
    {
        std::string out = fmt::format("  {}\n", style_.dim(printable(place())));
        if (span_.first_line == 0 || span_.first_line > lines_.size())
            return out;
        const auto from = span_.first_line - std::min(lines_around, span_.first_line - 1);
        const auto to =
            std::min<std::uint32_t>(last_ + lines_around, static_cast<std::uint32_t>(lines_.size()));
        for (auto line = from; line <= to; ++line) {
            if (hidden(line)) {
                if (line == span_.first_line + longest_place)
                    out += fmt::format("{:>6} | {}\n", "...", style_.red(">>>"));
                continue;
            }
            out += numbered(line);
        }
        return out;
    }

private:
    [[nodiscard]] std::string place() const
    {
        auto file = span_.file.empty() ? std::string{"Dockerfile"} : span_.file;
        if (span_.first_line == 0)
            return file;
        return last_ > span_.first_line ? fmt::format("{}:{}-{}", file, span_.first_line, last_)
                                        : fmt::format("{}:{}", file, span_.first_line);
    }
    [[nodiscard]] bool marked(std::uint32_t line) const { return line >= span_.first_line && line <= last_; }
    /// The middle of a long instruction.
    [[nodiscard]] bool hidden(std::uint32_t line) const
    {
        return marked(line) && line >= span_.first_line + longest_place && line != last_;
    }
    [[nodiscard]] std::string numbered(std::uint32_t line) const
    {
        auto text = lines_[line - 1];
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        auto out =
            fmt::format("{:>6} | {} {}", line, marked(line) ? style_.red(">>>") : "   ", printable(text));
        out.erase(out.find_last_not_of(' ') + 1);
        out += '\n';
        if (line == span_.first_line && span_.first_column > 0)
            out += fmt::format("       |     {}\n",
                               style_.red(caret_line(text, span_.first_column, caret_end(text))));
        return out;
    }
    /// The caret stays on the first line of a place of several lines.
    [[nodiscard]] std::uint32_t caret_end(std::string_view line) const
    {
        return last_ > span_.first_line ? static_cast<std::uint32_t>(line.size()) : span_.last_column;
    }

    const SourceSpan &span_;
    std::vector<std::string_view> lines_;
    Style style_;
    std::uint32_t last_ = 0;
};

/// Lines after the first are indented under the label.
std::string indented(std::string_view text, std::size_t by)
{
    std::string out;
    for (const char c : printable(text)) {
        out += c;
        if (c == '\n')
            out.append(by, ' ');
    }
    return out;
}

} // namespace

std::string format_error(const Error &error, std::string_view source_text, bool color)
{
    const Style style{color};
    std::string out = fmt::format("{} {}\n", style.red("error:"), indented(error.message(), 7));
    for (const auto &frame : error.context())
        out += fmt::format("  while {}\n", indented(frame, 8));
    if (error.where())
        out += Excerpt{*error.where(), source_text, color}.str();
    if (error.hint())
        out += fmt::format("{} {}\n", style.yellow("hint:"), indented(*error.hint(), 6));
    return out;
}

int exit_status(const Error &error)
{
    switch (error.kind()) {
    case ErrorKind::usage:
        return exit_code::usage;
    case ErrorKind::dockerfile:
        return exit_code::dockerfile;
    case ErrorKind::network:
        return exit_code::network;
    case ErrorKind::command_failed: {
        const int status = error.exit_status().value_or(exit_code::failure);
        // Zero would say that all is well; more than a byte would be cut to one by the shell.
        return status > 0 && status < 256 ? status : exit_code::failure;
    }
    case ErrorKind::not_found:
    case ErrorKind::denied:
    case ErrorKind::integrity:
    case ErrorKind::io:
    case ErrorKind::unsupported:
    case ErrorKind::internal:
        break;
    }
    return exit_code::failure;
}

} // namespace mica::ui
