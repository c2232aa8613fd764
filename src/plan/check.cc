#include "plan/check.hh"
#include "plan/checks/syntax.hh"
#include "plan/planning.hh"

namespace mica::plan {
namespace {

/// If the instructions cannot be parsed, the remarks above the first bad one still stand.
dockerfile::Program parse(const dockerfile::Ast &ast, const Reporter &reporter)
try {
    return dockerfile::parse_program(ast);
} catch (const Error &) {
    check_syntax(ast, reporter);
    throw;
}

} // namespace

CheckReport check_dockerfile(const dockerfile::Ast &ast, const PlanOptions &options, Resolver &resolver)
{
    CheckReport report;
    auto asking = options;
    asking.network_host_allowed = asking.security_insecure_allowed = true;
    asking.device_allowed = [](const std::string &) { return true; };
    try {
        const Reporter reporter{check_config(ast, options),
                                [&](const Warning &warning) { report.warnings.push_back(warning); }};
        const auto program = parse(ast, reporter);
        const Planning planning{program,  ast,      asking,
                                resolver, reporter, options.target.empty() ? Extent::all : Extent::target};
    } catch (const Error &error) {
        report.error = error;
    }
    return report;
}

} // namespace mica::plan
