#include "plan/stage_header.hh"
#include "oci/platform.hh"
#include "plan/checks/from.hh"
#include "plan/expansion.hh"
#include "plan/suggestion.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// For a platform that came out wrong: perhaps a variable in it is misspelt.
std::string misspelt(const dockerfile::Expansion &expansion, const GlobalArguments &globals)
{
    for (const auto &name : expansion.unmatched)
        if (auto hint = did_you_mean(name, globals.values.names()); !hint.empty())
            return hint;
    return {};
}

oci::Platform parse_platform(const std::string &written, const dockerfile::Expansion &expansion,
                             const GlobalArguments &globals)
try {
    return oci::parse_platform(expansion.words.front());
} catch (const Error &error) {
    throw Error{ErrorKind::dockerfile, fmt::format("failed to parse platform {}: {}{}", written,
                                                   error.message(), misspelt(expansion, globals))};
}

void read_platform(StageNode &node, const GlobalArguments &globals, char escape, const Reporter &reporter)
{
    const auto &written = *node.from.platform;
    const auto expansion = expand_telling(written, globals.values, {.escape = escape},
                                          [&](const dockerfile::Expansion &lookups) {
                                              check_from_variables(lookups, globals, node.where, reporter);
                                          });
    check_from_platform(node.from, expansion, globals, node.where, reporter);
    if (expansion.words.front().empty())
        throw Error{ErrorKind::dockerfile, fmt::format("empty platform value from expression {}{}", written,
                                                       misspelt(expansion, globals))};
    node.platform = parse_platform(written, expansion, globals);
    node.from_arguments.insert(expansion.matched.begin(), expansion.matched.end());
}

void read_base(StageNode &node, const GlobalArguments &globals, char escape, const Reporter &reporter)
{
    const auto expansion = expand_telling(node.from.image, globals.values, {.escape = escape},
                                          [&](const dockerfile::Expansion &lookups) {
                                              check_from_variables(lookups, globals, node.where, reporter);
                                          });
    node.base_name = expansion.words.front();
    if (node.base_name.empty())
        throw Error{ErrorKind::dockerfile, fmt::format("base name ({}) should not be blank", node.from.image)}
            .with_hint("give the variable a value: ARG NAME=value above the first FROM, or --build-arg");
    node.from_arguments = expansion.matched;
}

} // namespace

StageNode stage_header(const dockerfile::StageSource &stage, std::uint32_t number,
                       const GlobalArguments &globals, char escape, const Reporter &reporter)
{
    StageNode node;
    node.from = stage.from;
    node.where = stage.from_instruction.where;
    node.comment = dockerfile::doc_comment(stage.from_instruction.comments, node.from.stage_name);
    node.name = node.from.stage_name.empty() ? fmt::format("stage-{}", number) : node.from.stage_name;
    at_span(node.where, [&] {
        read_base(node, globals, escape, reporter);
        if (node.from.platform && !node.from.platform->empty())
            read_platform(node, globals, escape, reporter);
    });
    return node;
}

} // namespace mica::plan
