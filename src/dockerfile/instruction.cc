#include "dockerfile/instruction.hh"

#include "base/error.hh"
#include "dockerfile/chars.hh"
#include "dockerfile/keywords.hh"
#include "dockerfile/suggest.hh"
#include "dockerfile/typed.hh"
#include <array>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

using Typed = InstructionBody (*)(const Node &);

template <auto function> InstructionBody typed(const Node &node)
{
    return function(node);
}

constexpr std::array<std::pair<std::string_view, Typed>, 18> table{{
    {"add", typed<typed_add>},
    {"arg", typed<typed_arg>},
    {"cmd", typed<typed_cmd>},
    {"copy", typed<typed_copy>},
    {"entrypoint", typed<typed_entrypoint>},
    {"env", typed<typed_env>},
    {"expose", typed<typed_expose>},
    {"from", typed<typed_from>},
    {"healthcheck", typed<typed_healthcheck>},
    {"label", typed<typed_label>},
    {"maintainer", typed<typed_maintainer>},
    {"onbuild", typed<typed_onbuild>},
    {"run", typed<typed_run>},
    {"shell", typed<typed_shell>},
    {"stopsignal", typed<typed_stopsignal>},
    {"user", typed<typed_user>},
    {"volume", typed<typed_volume>},
    {"workdir", typed<typed_workdir>},
}};

InstructionBody body_of(const Node &node)
{
    for (const auto &[keyword, function] : table)
        if (keyword == node.keyword)
            return function(node);
    throw unknown_word(fmt::format("unknown instruction: {}", node.written_keyword), node.written_keyword,
                       instruction_names());
}

} // namespace

Instruction parse_instruction(const Node &node)
{
    return at_span(node.where, [&] {
        return Instruction{.body = body_of(node),
                           .keyword = node.keyword,
                           .written_keyword = node.written_keyword,
                           .original = std::string{trim_spaces(node.original)},
                           .comments = node.comments,
                           .where = node.where};
    });
}

Program parse_instructions(const Ast &ast)
{
    Program out;
    for (const auto &node : ast.instructions) {
        auto instruction = parse_instruction(node);
        if (const auto *from = std::get_if<From>(&instruction.body)) {
            auto head = *from;
            out.stages.push_back({std::move(head), std::move(instruction), {}, node.where});
        } else if (!out.stages.empty()) {
            out.stages.back().where.last_line = node.where.last_line;
            out.stages.back().instructions.push_back(std::move(instruction));
        } else if (std::holds_alternative<Arg>(instruction.body)) {
            out.global_args.push_back(std::move(instruction));
        } else {
            throw Error{ErrorKind::dockerfile, "no build stage in current context"}
                .at(node.where)
                .with_hint("the first instruction must be FROM; only ARG may stand before it");
        }
    }
    return out;
}

Program parse_program(const Ast &ast)
{
    auto out = parse_instructions(ast);
    if (out.stages.empty()) {
        const auto where = ast.instructions.empty() ? SourceSpan{} : ast.instructions.back().where;
        throw Error{ErrorKind::dockerfile, "dockerfile contains no stages to build"}.at(where).with_hint(
            "add a FROM instruction");
    }
    return out;
}

std::string doc_comment(const std::vector<std::string> &comments, std::string_view name)
{
    if (name.empty())
        return {};
    for (const std::string_view comment : comments)
        if (comment.starts_with(name) && comment.substr(name.size()).starts_with(' '))
            return std::string{comment.substr(name.size() + 1)};
    return {};
}

} // namespace mica::dockerfile
