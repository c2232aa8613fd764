#include "base/text.hh"
#include "oci/reference.hh"
#include "plan/checks/syntax.hh"
#include <fmt/format.h>
#include <set>

namespace mica::plan {
namespace {

/// How many instructions are written all in small or all in capital letters.
struct Majority {
    std::size_t lower = 0, upper = 0;

    void count(const std::string &keyword)
    {
        if (keyword == to_lower(keyword))
            ++lower;
        else if (keyword == to_upper(keyword))
            ++upper;
    }
    [[nodiscard]] bool is_lower() const { return lower > upper; }
};

void check_keyword(const dockerfile::Instruction &instruction, bool lower, const Reporter &reporter)
{
    const auto &keyword = instruction.written_keyword;
    if (keyword == (lower ? to_lower(keyword) : to_upper(keyword)))
        return;
    reporter.report(Rule::consistent_instruction_casing, instruction.where,
                    fmt::format("Command '{}' should match the case of the command majority ({})", keyword,
                                lower ? "lowercase" : "uppercase"));
}

bool can_be_reference(const std::string &name)
try {
    (void)oci::Reference::parse(name);
    return true;
} catch (const Error &) {
    return false;
}

} // namespace

void check_stage_names(const dockerfile::Program &program, const Reporter &reporter)
{
    std::set<std::string> seen;
    for (const auto &stage : program.stages) {
        const auto &name = stage.from.stage_name;
        if (name.empty())
            continue;
        if (name == "scratch" || name == "context")
            reporter.report(
                Rule::reserved_stage_name, stage.from_instruction.where,
                fmt::format("Stage name should not use the same name as reserved stage \"{}\"", name));
        if (!seen.insert(name).second)
            reporter.report(Rule::duplicate_stage_name, stage.from_instruction.where,
                            fmt::format("Duplicate stage name \"{}\", stage names should be unique", name));
    }
}

void check_casing(const dockerfile::Program &program, const Reporter &reporter)
{
    Majority majority;
    for (const auto &stage : program.stages) {
        majority.count(stage.from_instruction.written_keyword);
        for (const auto &instruction : stage.instructions)
            majority.count(instruction.written_keyword);
    }
    for (const auto &stage : program.stages) {
        check_keyword(stage.from_instruction, majority.is_lower(), reporter);
        for (const auto &instruction : stage.instructions)
            check_keyword(instruction, majority.is_lower(), reporter);
    }
}

void check_default_bases(const dockerfile::Program &program, const dockerfile::EnvList &automatic,
                         char escape, const Reporter &reporter)
try {
    const auto globals = evaluate_global_args(program.global_args, automatic, {}, escape);
    for (const auto &stage : program.stages) {
        const auto name = dockerfile::expand_word(stage.from.image, globals.values, {.escape = escape});
        if (!can_be_reference(name.words.front()))
            reporter.report(
                Rule::invalid_default_arg_in_from, stage.from_instruction.where,
                fmt::format("Default value for ARG {} results in empty or invalid base image name",
                            stage.from.image));
    }
} catch (const Error &) {
    // A default that cannot be expanded: the build itself says so, unless a build
    // argument takes its place.
    return;
}

} // namespace mica::plan
