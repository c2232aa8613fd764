#include "plan/stage_scope.hh"
#include "base/text.hh"
#include "plan/expansion.hh"

namespace mica::plan {

std::string StageScope::expand(std::string_view word) const
{
    return expand_with(word, {.escape = build.escape});
}

std::vector<std::string> StageScope::expand_each(const std::vector<std::string> &words) const
{
    std::vector<std::string> out;
    for (const auto &word : words)
        out.push_back(expand(word));
    return out;
}

std::string StageScope::expand_body(std::string_view body) const
{
    return expand_with(body, {.raw_quotes = true});
}

std::string StageScope::expand_with(std::string_view text, const dockerfile::ExpandOptions &options) const
{
    const auto tell = [this](const dockerfile::Expansion &lookups) { check_variables(lookups.unmatched); };
    return expand_telling(text, stage.environment, options, tell).words.front();
}

void StageScope::check_variables(const std::set<std::string> &unmatched) const
{
    auto names = unmatched;
    for (const auto &[name, value] : stage.arguments)
        names.erase(name);
    if (!names.empty())
        check_undefined(names, stage.environment.names(), where(), checks);
}

std::vector<std::string> StageScope::shell() const
{
    if (config().shell && !config().shell->empty())
        return *config().shell;
    if (stage.image.platform.os == "windows")
        return {"cmd", "/S", "/C"};
    return {"/bin/sh", "-c"};
}

std::vector<std::string> StageScope::with_shell(const dockerfile::CommandLine &line) const
{
    if (!line.shell_form)
        return line.words;
    auto out = shell();
    out.push_back(join(line.words, " "));
    return out;
}

std::string StageScope::display_name(const std::set<std::string> &secrets) const
{
    auto shown = stage.environment;
    for (const auto &name : secrets)
        shown.set(name, "****");
    const auto text = std::string{trim(command.instruction.original)};
    const auto expanded = [&] {
        try {
            const dockerfile::ExpandOptions options{
                .escape = build.escape, .raw_quotes = true, .skip_unset = true};
            return dockerfile::expand_word(text, shown, options).words.front();
        } catch (const Error &) {
            return text; // a shell's own syntax; what the user wrote says enough
        }
    }();
    const auto end = expanded.find_first_of(" \t");
    return (command.is_trigger ? "ONBUILD " : "") + to_upper(expanded.substr(0, end)) +
           (end == std::string::npos ? "" : expanded.substr(end));
}

void StageScope::add_step(Operation operation, std::string name, std::uint32_t history) const
{
    stage.steps.push_back({std::move(operation), std::move(name), history, where()});
}

} // namespace mica::plan
