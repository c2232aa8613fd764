#include "plan/checks/names.hh"
#include "base/text.hh"
#include "plan/arguments.hh"
#include "plan/paths.hh"
#include "plan/suggestion.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// Whether one of `words` is a part of the name between underscores.
template <std::size_t n> bool has_part(const std::string &name, const std::array<std::string_view, n> &words)
{
    const auto parts = split(name, '_');
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        return std::find(words.begin(), words.end(), part) != words.end();
    });
}

bool is_everything(const std::string &pattern)
{
    return pattern == "*" || pattern == "**" || pattern == "**/*";
}

} // namespace

void check_secret_name(std::string_view instruction, const std::string &name, const SourceSpan &where,
                       const Reporter &reporter)
{
    constexpr std::array<std::string_view, 10> secret{"apikey", "auth",     "credential", "credentials",
                                                      "key",    "password", "pword",      "passwd",
                                                      "secret", "token"};
    constexpr std::array<std::string_view, 3> harmless{"public", "file", "version"};
    const auto lower = to_lower(name);
    if (has_part(lower, secret) && !has_part(lower, harmless))
        reporter.report(Rule::secrets_used_in_arg_or_env, where,
                        fmt::format("Do not use ARG or ENV instructions for sensitive data ({} \"{}\")",
                                    instruction, name));
}

void check_undefined(const std::set<std::string> &names, const std::vector<std::string> &known,
                     const SourceSpan &where, const Reporter &reporter)
{
    for (const auto &name : names) {
        if (is_builder_only(name))
            continue;
        const auto match = closest(name, known);
        const auto hint = match.empty() ? std::string{} : " (did you mean $" + match + "?)";
        reporter.report(Rule::undefined_var, where,
                        fmt::format("Usage of undefined variable '${}'{}", name, hint));
    }
}

IgnoredSources::IgnoredSources(const std::vector<std::string> &patterns)
    : list_{patterns},
      judges_{!patterns.empty() && std::none_of(patterns.begin(), patterns.end(),
                                                [](const auto &p) { return p.starts_with('!'); })},
      hides_all_{std::any_of(patterns.begin(), patterns.end(), is_everything)}
{
}

void IgnoredSources::check(bool is_add, std::string_view source, const SourceSpan &where,
                           const Reporter &reporter) const
{
    if (!judges_)
        return;
    const auto path = clean_path(source);
    if ((path == "." || path == "/") && !hides_all_)
        return;
    if (list_.matches_or_parent(path))
        reporter.report(Rule::copy_ignored_file, where,
                        fmt::format("Attempting to {} file \"{}\" that is excluded by .dockerignore",
                                    is_add ? "Add" : "Copy", path));
}

} // namespace mica::plan
