// Any text is parsed or refused with an Error; what is parsed has lines in order, and
// each instruction, written out again, means the same.
#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/directives.hh"
#include "dockerfile/dump.hh"
#include "dockerfile/instruction.hh"
#include "dockerfile/parser.hh"
#include "fuzz.hh"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace {

using namespace mica;
using namespace mica::dockerfile;
using fuzz::require;

std::optional<Ast> parsed(std::string_view text)
try {
    return parse(text, "Dockerfile");
} catch (const Error &error) {
    require(error.kind() == ErrorKind::dockerfile, "an error of the Dockerfile's kind");
    require(error.where().has_value(), "an error tells a place");
    return std::nullopt;
}

void check_lines(const Ast &ast)
{
    std::uint32_t last = 0;
    for (const auto &node : ast.instructions) {
        require(node.where.first_line > last, "instructions come one after the other");
        require(node.where.last_line >= node.where.first_line, "an instruction ends behind its beginning");
        last = node.where.last_line;
    }
}

/// The instruction as a text of its own.
std::string written(const Node &node, char escape)
{
    std::string out = escape == '`' ? "# escape=`\n" : "#\n";
    out += node.original + '\n';
    for (const auto &heredoc : node.heredocs)
        out += heredoc.raw + heredoc.name + '\n';
    return out;
}

void check_round_trip(const Node &node, char escape)
{
    // A blank line means nothing; and where the file ends in a continued line, what is left of
    // it may end in an escape (and blanks) that would continue it again.
    if (node.keyword.empty() || trim(node.original).ends_with(escape))
        return;
    const auto again = parsed(written(node, escape));
    require(again.has_value(), "a written instruction parses");
    require(again->instructions.size() == 1, "it is one instruction");
    const auto &copy = again->instructions.front();
    require(dump(copy) == dump(node), "it has the same tree");
    require(copy.heredocs.size() == node.heredocs.size(), "it has the same heredocs");
    for (std::size_t i = 0; i < copy.heredocs.size(); ++i)
        require(copy.heredocs[i].content == node.heredocs[i].content, "their bodies are the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const std::string text{reinterpret_cast<const char *>(bytes), size};
    static_cast<void>(detect_syntax(text, "Dockerfile"));
    const auto ast = parsed(text);
    if (!ast)
        return 0;
    check_lines(*ast);
    for (const auto &node : ast->instructions)
        check_round_trip(node, ast->escape);
    try {
        static_cast<void>(parse_program(*ast));
    } catch (const Error &error) {
        require(error.where().has_value(), "a refused instruction tells its place");
    }
    return 0;
}
