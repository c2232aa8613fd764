#include "dockerfile/parser.hh"

#include "base/error.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/directives.hh"
#include "dockerfile/heredoc.hh"
#include "dockerfile/keywords.hh"
#include "dockerfile/lines.hh"
#include "dockerfile/node.hh"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

bool is_comment(std::string_view line)
{
    return trim_spaces_left(line).starts_with('#');
}

/// Whether the heredocs of the line belong to this instruction (or, for ONBUILD, to
/// the one in it). The strings of a JSON array open none.
bool opens_heredocs(const Node &node)
{
    const auto &inner = node.keyword == "onbuild" && node.nested ? *node.nested : node;
    return takes_heredocs(inner.keyword) && !inner.json && node.original.find("<<") != std::string::npos;
}

class Parser {
public:
    Parser(std::string_view text, std::string_view file) : lines_{text}, file_{file}, directives_{file} {}

    [[nodiscard]] Ast run()
    {
        while (const auto line = lines_.next()) {
            note_comment(*line);
            auto first = trim_spaces_left(without_line_end(*line));
            note_directive(first);
            if (is_comment(first) || first.empty())
                continue;
            read_instruction(first);
        }
        if (ast_.instructions.empty())
            throw Error{ErrorKind::dockerfile, "file with no instructions"}.at(span(1, lines_.number()));
        return std::move(ast_);
    }

private:
    [[nodiscard]] SourceSpan span(std::uint32_t first, std::uint32_t last) const
    {
        return {.file = file_, .first_line = first, .last_line = last};
    }

    /// Comments above an instruction document it. They begin in the first column
    /// (an indented one keeps its '#', so that it names nothing); a lone "#" parts
    /// them from those before.
    void note_comment(std::string_view line)
    {
        if (!is_comment(line))
            return;
        const auto text = trim_spaces(line.substr(1));
        if (text.empty())
            comments_.clear();
        else
            comments_.emplace_back(text);
    }

    void note_directive(std::string_view line)
    {
        const auto directive = directives_.next(line, lines_.number());
        if (!directive)
            return;
        comments_.pop_back();
        if (directive->name != "escape")
            return;
        if (directive->value != "\\" && directive->value != "`")
            throw Error{ErrorKind::dockerfile,
                        fmt::format("invalid escape token '{}' does not match ` or \\", directive->value)}
                .at(directive->where);
        ast_.escape = directive->value.front();
    }

    /// Takes the escape at the end of a line off, if it continues the line: not behind
    /// another escape, and only blanks after it.
    [[nodiscard]] bool take_continuation(std::string_view &line) const
    {
        const auto last = line.find_last_not_of("\t ");
        if (last == std::string_view::npos || line[last] != ast_.escape)
            return false;
        if (last > 0 && line[last - 1] == ast_.escape)
            return false;
        line = line.substr(0, last);
        return true;
    }

    /// The logical line that begins with `line`: continuations joined with nothing
    /// between, comments and blank lines among them left out.
    [[nodiscard]] std::string join_lines(std::string_view line)
    {
        bool goes_on = take_continuation(line);
        std::string out{line};
        bool had_blank = false;
        while (goes_on) {
            const auto physical = lines_.next();
            if (!physical)
                break;
            auto next = without_line_end(*physical);
            const auto content = trim_spaces_left(next);
            if (content.empty())
                had_blank = true;
            if (content.empty() || content.front() == '#')
                continue;
            goes_on = take_continuation(next);
            out += next;
        }
        if (had_blank)
            ast_.warnings.push_back({"Empty continuation line found in: " + out, "NoEmptyContinuation",
                                     span(lines_.number(), lines_.number())});
        return out;
    }

    void read_instruction(std::string_view first)
    {
        const auto first_line = lines_.number();
        auto line = join_lines(first);
        auto where = span(first_line, lines_.number());
        auto node = at_span(where, [&] { return parse_node(std::move(line), ast_.escape, where); });
        node.comments = std::exchange(comments_, {});
        if (opens_heredocs(node)) {
            node.heredocs = at_span(where, [&] { return heredocs_of_line(node.original); });
            for (auto &heredoc : node.heredocs)
                read_body(heredoc, where);
            node.where.last_line = lines_.number();
            if (node.nested)
                node.nested->where = node.where;
        }
        ast_.instructions.push_back(std::move(node));
    }

    void read_body(Heredoc &heredoc, SourceSpan where)
    {
        while (const auto line = lines_.next()) {
            auto end = without_line_end(*line);
            if (heredoc.chomp)
                end.remove_prefix(std::min(end.find_first_not_of('\t'), end.size()));
            if (end == heredoc.name) {
                heredoc.content = heredoc.chomp ? strip_leading_tabs(heredoc.raw) : heredoc.raw;
                return;
            }
            heredoc.raw += *line;
        }
        where.last_line = lines_.number();
        throw Error{ErrorKind::dockerfile,
                    fmt::format("unterminated heredoc: no line \"{}\" follows", heredoc.name)}
            .at(std::move(where))
            .with_hint("the end line must be the delimiter and nothing else; only <<- allows tabs before it");
    }

    LineReader lines_;
    std::string file_;
    DirectiveReader directives_;
    std::vector<std::string> comments_;
    Ast ast_;
};

} // namespace

Ast parse(std::string_view text, std::string_view file)
{
    if (text.empty())
        throw Error{ErrorKind::dockerfile, "the Dockerfile cannot be empty"}.at({.file = std::string{file}});
    auto ast = Parser{text, file}.run();
    ast.directives = read_directives(text, file);
    return ast;
}

} // namespace mica::dockerfile
