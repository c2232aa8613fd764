#include "plan/checks/from.hh"
#include "oci/platform.hh"
#include "plan/suggestion.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

void check_redundant(const dockerfile::From &from, const dockerfile::Expansion &expansion,
                     const GlobalArguments &globals, const SourceSpan &where, const Reporter &reporter)
{
    if (expansion.matched != std::set<std::string>{"TARGETPLATFORM"} || !expansion.unmatched.empty())
        return;
    if (expansion.words.front() == globals.values.get("TARGETPLATFORM").value_or(""))
        reporter.report(Rule::redundant_target_platform, where,
                        fmt::format("Setting platform to predefined {} in FROM is redundant as this is the "
                                    "default behavior",
                                    from.platform.value_or("")));
}

/// A constant is right where the stage is meant for that platform and says so in its name.
void check_constant(const dockerfile::From &from, const dockerfile::Expansion &expansion,
                    const SourceSpan &where, const Reporter &reporter)
try {
    if (!expansion.matched.empty() || !expansion.unmatched.empty())
        return;
    const auto &text = expansion.words.front();
    const auto platform = oci::parse_platform(text);
    const auto in_name = [&](const std::string &part) {
        return from.stage_name.find(part) != std::string::npos;
    };
    if (!in_name(platform.os) && !in_name(platform.architecture))
        reporter.report(Rule::from_platform_flag_const_disallowed, where,
                        fmt::format("FROM --platform flag should not use constant value \"{}\"", text));
} catch (const Error &) {
    return; // no platform at all: the build fails on it
}

} // namespace

void check_from_variables(const dockerfile::Expansion &expansion, const GlobalArguments &globals,
                          const SourceSpan &where, const Reporter &reporter)
{
    auto known = globals.values.names();
    for (const auto &[name, info] : globals.declared)
        known.push_back(name);
    for (const auto &name : expansion.unmatched)
        if (std::find(known.begin(), known.end(), name) == known.end())
            reporter.report(
                Rule::undefined_arg_in_from, where,
                fmt::format("FROM argument '{}' is not declared{}", name, did_you_mean(name, known)));
}

void check_from_platform(const dockerfile::From &from, const dockerfile::Expansion &expansion,
                         const GlobalArguments &globals, const SourceSpan &where, const Reporter &reporter)
{
    check_redundant(from, expansion, globals, where, reporter);
    check_constant(from, expansion, where, reporter);
}

void check_image_platform(const std::string &name, const oci::Platform &asked, const oci::Platform &got,
                          const SourceSpan &where, const Reporter &reporter)
{
    if (asked.os == got.os && asked.architecture == got.architecture)
        return;
    reporter.report(
        Rule::invalid_base_image_platform, where,
        fmt::format("Base image {} was pulled with platform \"{}\", expected \"{}\" for current build", name,
                    oci::format_platform(oci::normalize(got)), oci::format_platform(oci::normalize(asked))));
}

} // namespace mica::plan
