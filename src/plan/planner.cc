#include "plan/planner.hh"
#include "plan/planning.hh"
#include <fmt/format.h>

namespace mica::plan {

CheckConfig check_config(const dockerfile::Ast &ast, const PlanOptions &options)
{
    const auto parse = [](const std::string &text) {
        return in_context([] { return std::string{"failed to parse check options"}; },
                          [&] { return parse_check_config(text); });
    };
    if (const auto given = options.build_args.find("BUILDKIT_DOCKERFILE_CHECK");
        given != options.build_args.end())
        return parse(given->second);
    for (const auto &directive : ast.directives)
        if (directive.name == "check")
            return at_span(directive.where,
                           [&] { return parse(directive.value.substr(0, directive.value.find(' '))); });
    return {};
}

BuildPlan make_plan(const dockerfile::Program &program, const dockerfile::Ast &ast,
                    const PlanOptions &options, Resolver &resolver)
{
    std::vector<Warning> warnings;
    const auto collect = [&](const Warning &warning) {
        warnings.push_back(warning);
        if (options.on_warning)
            options.on_warning(warning);
    };
    const auto config = check_config(ast, options);
    Planning planning{
        program,       ast, options, resolver, options.checks ? Reporter{config, collect} : Reporter{},
        Extent::target};
    auto plan = planning.take_plan();
    plan.warnings = std::move(warnings);
    return plan;
}

} // namespace mica::plan
