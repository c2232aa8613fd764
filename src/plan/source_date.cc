#include "plan/source_date.hh"
#include "base/text.hh"
#include "context/remote_source.hh"
#include <charconv>
#include <fmt/format.h>
#include <variant>

namespace mica::plan {
namespace {

constexpr const char *variable = "SOURCE_DATE_EPOCH";

std::optional<std::int64_t> as_number(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    std::int64_t value = 0;
    const auto *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return value;
}

dockerfile::EnvList without(const dockerfile::EnvList &list, std::string_view name)
{
    dockerfile::EnvList out;
    for (const auto &[key, value] : list.values())
        if (key != name)
            out.set(key, value);
    return out;
}

void declare(const dockerfile::Arg &arg, const PlanOptions &options, char escape,
             dockerfile::EnvList &environment)
{
    for (const auto &item : arg.items) {
        if (const auto given = options.build_args.find(item.name); given != options.build_args.end())
            environment.set(item.name, given->second);
        else if (item.value)
            environment.set(
                item.name,
                dockerfile::expand_word(*item.value, environment, {.escape = escape}).words.front());
    }
}

Resolver::DateSource remote_source(const dockerfile::Copy &add, char escape,
                                   const dockerfile::EnvList &environment)
{
    if (!add.inline_files.empty() || add.sources.size() != 1)
        throw Error{ErrorKind::dockerfile,
                    "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source"};
    const auto source =
        dockerfile::expand_word(add.sources.front(), environment, {.escape = escape}).words.front();
    if (const auto remote = context::parse_remote_source(source)) {
        const bool is_git = std::holds_alternative<context::GitSource>(*remote);
        return {is_git ? Resolver::DateSource::Kind::git : Resolver::DateSource::Kind::url, source};
    }
    throw Error{ErrorKind::dockerfile, "SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD"};
}

/// A stage can lend its date if it is nothing but one download.
Resolver::DateSource stage_source(const dockerfile::StageSource &stage, const PlanOptions &options,
                                  dockerfile::EnvList environment, char escape)
{
    if (dockerfile::expand_word(stage.from.image, environment, {.escape = escape}).words.front() != "scratch")
        throw Error{ErrorKind::dockerfile, "SOURCE_DATE_EPOCH stage must use FROM scratch"};
    std::optional<Resolver::DateSource> found;
    for (const auto &instruction : stage.instructions) {
        const auto *add = std::get_if<dockerfile::Copy>(&instruction.body);
        if (const auto *arg = std::get_if<dockerfile::Arg>(&instruction.body)) {
            declare(*arg, options, escape, environment);
        } else if (add == nullptr || !add->is_add) {
            throw Error{
                ErrorKind::dockerfile,
                fmt::format("SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported {} "
                            "instruction",
                            instruction.written_keyword)};
        } else if (found) {
            throw Error{ErrorKind::dockerfile, "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD"};
        } else {
            found = remote_source(*add, escape, environment);
        }
    }
    if (!found)
        throw Error{ErrorKind::dockerfile, "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD"};
    return *found;
}

Resolver::DateSource source_named(const std::string &name, const dockerfile::Program &program,
                                  const PlanOptions &options, const GlobalArguments &globals, char escape,
                                  Resolver &resolver)
{
    if (name == "context")
        return {Resolver::DateSource::Kind::main_context, {}};
    if (resolver.named_context(name) != Resolver::NamedContext::none)
        return {Resolver::DateSource::Kind::named_context, name};
    for (const auto &stage : program.stages)
        if (!stage.from.stage_name.empty() && equal_ignoring_case(stage.from.stage_name, name))
            return at_span(stage.from_instruction.where, [&] {
                return stage_source(stage, options, without(globals.values, variable), escape);
            });
    throw Error{ErrorKind::dockerfile, fmt::format("invalid SOURCE_DATE_EPOCH: {}", name)}.with_hint(
        "seconds since 1970, \"context\", or the name of a stage or context to take the date from");
}

/// Everywhere the argument was given it now holds the date.
void store(std::optional<std::int64_t> date, PlanOptions &options, GlobalArguments &globals)
{
    if (options.build_args.contains(variable)) {
        if (date)
            options.build_args[variable] = std::to_string(*date);
        else
            options.build_args.erase(variable);
    }
    if (globals.values.get(variable)) {
        if (date)
            globals.values.set(variable, std::to_string(*date));
        else
            globals.values = without(globals.values, variable);
    }
}

} // namespace

std::optional<std::int64_t> Resolver::source_date(const DateSource &source)
{
    throw Error{ErrorKind::unsupported,
                fmt::format("SOURCE_DATE_EPOCH cannot be taken from {} here",
                            source.name.empty() ? "the build context" : "\"" + source.name + "\"")}
        .with_hint("give the seconds since 1970, for example --build-arg SOURCE_DATE_EPOCH=$(git log -1 "
                   "--format=%ct)");
}

std::optional<std::int64_t> resolve_source_date(const dockerfile::Program &program, PlanOptions &options,
                                                GlobalArguments &globals, char escape, Resolver &resolver)
{
    const auto given = options.build_args.find(variable);
    const auto text =
        given != options.build_args.end() ? given->second : globals.values.get(variable).value_or("");
    std::optional<std::int64_t> date;
    if (!text.empty()) {
        date = as_number(text);
        if (!date)
            date = resolver.source_date(source_named(text, program, options, globals, escape, resolver));
    }
    store(date, options, globals);
    return date;
}

} // namespace mica::plan
