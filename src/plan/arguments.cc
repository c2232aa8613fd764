#include "plan/arguments.hh"

namespace mica::plan {
namespace {

/// Names used in a default. An argument that is declared again with its own old value
/// (ARG A=$A-x) uses what the old one used.
std::set<std::string> uses_of(const std::string &name, const std::set<std::string> &matched,
                              const std::map<std::string, ArgumentInfo> &earlier)
{
    auto uses = matched;
    if (uses.erase(name) == 0)
        return uses;
    if (const auto old = earlier.find(name); old != earlier.end())
        uses.insert(old->second.uses.begin(), old->second.uses.end());
    return uses;
}

void evaluate(GlobalArguments &globals, const dockerfile::Arg::Item &item, const SourceSpan &where,
              const std::map<std::string, std::string> &build_args, char escape)
{
    ArgumentInfo info{item.name, {}, item.comment, {}, where};
    std::optional<std::string> value;
    if (const auto given = build_args.find(item.name); given != build_args.end()) {
        value = given->second;
    } else if (item.value) {
        const auto expansion = dockerfile::expand_word(*item.value, globals.values, {.escape = escape});
        value = expansion.words.front();
        info.uses = uses_of(item.name, expansion.matched, globals.declared);
    }
    if (value) {
        globals.values.set(item.name, *value);
        info.value = *value;
    }
    globals.declared.insert_or_assign(item.name, std::move(info));
}

} // namespace

bool is_builder_only(std::string_view name)
{
    return name == "BUILDKIT_SBOM_SCAN_CONTEXT" || name == "BUILDKIT_SBOM_SCAN_STAGE";
}

GlobalArguments evaluate_global_args(const std::vector<dockerfile::Instruction> &args,
                                     dockerfile::EnvList automatic,
                                     const std::map<std::string, std::string> &build_args, char escape)
{
    GlobalArguments globals{std::move(automatic), {}};
    for (const auto &instruction : args)
        for (const auto &item : std::get<dockerfile::Arg>(instruction.body).items)
            at_span(instruction.where,
                    [&] { evaluate(globals, item, instruction.where, build_args, escape); });
    return globals;
}

} // namespace mica::plan
