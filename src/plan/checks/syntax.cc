#include "plan/checks/syntax.hh"
#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::plan {
namespace {

bool is_lower(const std::string &text)
{
    return text == to_lower(text);
}
bool is_upper(const std::string &text)
{
    return text == to_upper(text);
}

void check_from(const dockerfile::Node &node, const Reporter &reporter)
{
    const auto &words = node.arguments;
    if (words.size() == 3 && !is_lower(words[2]))
        reporter.report(Rule::stage_name_casing, node.where,
                        fmt::format("Stage name '{}' should be lowercase", words[2]));
    // FROM in mixed case is the business of another rule.
    const auto &from = node.written_keyword;
    if (words.size() < 3 || (!is_lower(from) && !is_upper(from)))
        return;
    if (is_lower(from) ? !is_lower(words[1]) : !is_upper(words[1]))
        reporter.report(Rule::from_as_casing, node.where,
                        fmt::format("'{}' and '{}' keywords' casing do not match", words[1], from));
}

/// The comment above FROM or ARG is read as a description and must begin with the name.
void check_description(const char *instruction, const std::vector<std::string> &names,
                       const dockerfile::Node &node, const Reporter &reporter)
{
    if (node.comments.empty() || names.empty())
        return;
    const auto &last = node.comments.back();
    const auto first_word = last.substr(0, last.find(' '));
    if (std::find(names.begin(), names.end(), first_word) != names.end())
        return;
    reporter.report(Rule::invalid_definition_description, node.where,
                    fmt::format("Comment for {} should follow the format: `# {} <description>`", instruction,
                                names.size() > 1 ? "<arg_key>" : names.front()));
}

void check_parsed(const dockerfile::Instruction &instruction, const dockerfile::Node &node,
                  const Reporter &reporter)
{
    if (const auto *from = std::get_if<dockerfile::From>(&instruction.body)) {
        if (!from->stage_name.empty())
            check_description("FROM", {from->stage_name}, node, reporter);
    } else if (const auto *arg = std::get_if<dockerfile::Arg>(&instruction.body)) {
        std::vector<std::string> names;
        for (const auto &item : arg->items)
            names.push_back(item.name);
        check_description("ARG", names, node, reporter);
    }
}

/// False: nothing below this instruction is looked at.
bool check_node(const dockerfile::Node &node, bool &in_stage, const Reporter &all)
try {
    const auto reporter = all.for_comments(node.comments);
    if (node.keyword == "maintainer")
        reporter.report(Rule::maintainer_deprecated, node.where,
                        "Maintainer instruction is deprecated in favor of using label");
    if (node.keyword == "from")
        check_from(node, reporter);
    check_parsed(dockerfile::parse_instruction(node), node, reporter);
    in_stage |= node.keyword == "from";
    return in_stage || node.keyword == "arg";
} catch (const Error &) {
    return false;
}

} // namespace

void check_syntax(const dockerfile::Ast &ast, const Reporter &reporter)
{
    for (const auto &warning : ast.warnings)
        if (warning.rule == text_of(Rule::no_empty_continuation).name)
            reporter.report(Rule::no_empty_continuation, warning.where, "Empty continuation line");
    bool in_stage = false;
    for (const auto &node : ast.instructions)
        if (!check_node(node, in_stage, reporter))
            return;
}

} // namespace mica::plan
