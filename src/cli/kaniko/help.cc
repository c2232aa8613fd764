#include "cli/kaniko/help.hh"

#include "base/text.hh"
#include "cli/kaniko/executor_options.hh"
#include "cli/kaniko/push.hh"
#include "cli/kaniko/variables.hh"
#include "cli/kaniko/warmer.hh"
#include <fmt/format.h>
#include <span>
#include <string_view>

namespace mica::cli::kaniko {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t help_column = 8;

std::string_view effect_name(Effect effect)
{
    switch (effect) {
    case Effect::done:
        return "done";
    case Effect::nothing:
        return "accepted";
    }
    return {};
}

std::string signature(const Flag &flag)
{
    std::string out = "--" + flag.name;
    if (flag.short_name != 0)
        out = fmt::format("-{}, {}", flag.short_name, out);
    for (const auto &alias : flag.aliases)
        out += ", --" + alias;
    return flag.value_name.empty() ? out : out + " " + flag.value_name;
}

std::string said_of(const Flag &flag)
{
    auto out = flag.help;
    if (flag.repeatable)
        out += " May be given several times.";
    if (!flag.variable.empty())
        out += fmt::format(" Default: the variable {}.", flag.variable);
    return out;
}

/// Indented, broken at blanks.
std::string paragraph(std::string_view text)
{
    const std::string indent(help_column, ' ');
    std::string out, line = indent;
    for (const auto word : split(text, ' ')) {
        if (line.size() > help_column && line.size() + 1 + word.size() > page_width) {
            out += line + "\n";
            line = indent;
        }
        if (line.size() > help_column)
            line += ' ';
        line += word;
    }
    return out + line + "\n";
}

/// A bar would end the cell, even within code.
std::string cell(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '|' ? "\\|" : std::string(1, c);
    return out;
}

std::string code(std::string_view text)
{
    return text.empty() ? std::string{} : fmt::format("`{}`", cell(text));
}

std::string table_of(const Program &program)
{
    std::string out = "| Flag | Default | | What mica does |\n| --- | --- | --- | --- |\n";
    for (const auto &flag : program.flags)
        out += fmt::format("| {} | {} | {} | {} |\n", code(signature(flag)), code(flag.default_text),
                           effect_name(flag.effect), cell(said_of(flag)));
    return out;
}

std::string table_of(std::span<const Variable> variables, std::string_view prefix)
{
    std::string out = "| Variable | What mica does |\n| --- | --- |\n";
    for (const auto &variable : variables)
        out += fmt::format("| `{}{}` | {} |\n", prefix, variable.name, variable.what);
    return out;
}

} // namespace

std::string help(const Program &program)
{
    auto out = fmt::format("{}\n\nUsage: {} [flags]", program.summary, program.name);
    for (const auto &operand : program.operands)
        out += " " + operand.name;
    out += "\n\nFlags:\n";
    for (const auto &flag : program.flags) {
        const auto indent = flag.short_name == 0 ? 8U : 4U;
        out += fmt::format("{}{}{}\n", std::string(indent, ' '), signature(flag),
                           flag.default_text.empty() ? "" : fmt::format(" (default: {})", flag.default_text));
        out += paragraph(said_of(flag));
    }
    return out;
}

std::string markdown()
{
    ExecutorOptions nobody;
    const Environment nothing;
    std::string out =
        "# Kaniko's command line\n\n"
        "Called as `executor` (or as `mica executor`), mica takes Kaniko's flags. This page is made from "
        "the tables in\n`src/cli/kaniko/`; the unit tests check that it is up to date (`UPDATE_GOLDEN=1` "
        "writes it anew). How to come from Kaniko:\n[migrating-from-kaniko.md](migrating-from-kaniko.md)."
        "\n\n"
        "*done* flags do what they say. *accepted* ones are read, and change nothing, because what they "
        "are for cannot happen\nhere. Flags that Kaniko does not have are refused. A switch takes its value "
        "behind `=` (`--cache=false`), any other flag\nin either way (`--target x`, `--target=x`).\n";
    out += "\n## `executor`\n\n" + table_of(executor_program(nobody, nothing));
    PushOptions nothing_pushed;
    out += "\n## `executor push IMAGE`\n\nPushes an image that is in the directory of an OCI layout, or in "
           "an archive for "
           "`docker load`.\n\n" +
           table_of(push_program(nothing_pushed));
    WarmerOptions nothing_warmed;
    out += "\n## `warmer`\n\nCalled as `warmer`, mica takes the flags of Kaniko's warmer; `mica warm` has "
           "its own.\n\n" +
           table_of(warmer_program(nothing_warmed, nothing));
    out += "\n## Other commands\n\n`executor login REGISTRY -u USER --password-stdin` writes credentials "
           "into docker's "
           "`config.json`; "
           "`executor version`\nprints the version.\n";
    out += "\n## Exit status\n\n0 when everything was done; the status of the command when a RUN fails; 130 "
           "after a "
           "signal; else 1.\n";
    out += "\n## Environment\n\nBesides the defaults above:\n\n" + table_of(variables(), "");
    out += "\n## Feature flags\n\nKaniko's forks mend what is wrong in Kaniko behind variables. Here it is "
           "right from the "
           "start, and the variables\nchange nothing, but for the one that says so.\n\n";
    return out + table_of(feature_flags(), "FF_KANIKO_");
}

} // namespace mica::cli::kaniko
