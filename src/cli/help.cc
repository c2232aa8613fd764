#include "cli/help.hh"

#include "base/text.hh"
#include "ui/diagnostics.hh"
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::cli {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t option_column = 30;

using Row = std::pair<std::string, std::string>;

std::vector<Row> exit_statuses()
{
    return {
        {std::to_string(ui::exit_code::success), "Everything was done."},
        {std::to_string(ui::exit_code::failure), "Any failure that is not below."},
        {std::to_string(ui::exit_code::usage), "The command line cannot be understood."},
        {std::to_string(ui::exit_code::dockerfile), "The Dockerfile is wrong."},
        {std::to_string(ui::exit_code::network), "A registry or another server cannot be reached."},
        {std::to_string(ui::exit_code::cancelled), "A signal (Ctrl-C, SIGTERM, SIGHUP) ended it."},
    };
}

constexpr std::string_view run_status =
    "The command of a failing RUN passes its own status on, whatever it is.";

std::vector<Row> variables()
{
    return {
        {"MICA_STATE", "The state directory, where --state is not given."},
        {"MICA_KEEP_STORAGE",
         "How large the state directory may be after a build, where --keep-storage is not given."},
        {"XDG_DATA_HOME",
         "The state directory of a user other than root is mica/ in there (else ~/.local/share/mica)."},
        {"DOCKER_CONFIG",
         "The directory of docker's config.json with the credentials of registries (else ~/.docker)."},
        {"DOCKER_AUTH_CONFIG", "The text of such a config.json; it is looked into first."},
        {"REGISTRY_AUTH_FILE", "A file of the form of containers' auth.json, after docker's."},
        {"AWS_…",
         "Keys, profiles, roles and endpoints for ECR, as AWS's own tools have them; see registries.md."},
        {"CI_REGISTRY, CI_REGISTRY_USER, …", "The login of a GitLab job to its registry."},
        {"HOME", "The user's directory, for the two above."},
        {"SOURCE_DATE_EPOCH", "Seconds since 1970: the time of the image, and the latest time of a file in "
                              "it. It is the default of the "
                              "build argument of that name."},
        {"NO_COLOR", "Colours are not used, if it is set to anything."},
        {"TERM", "Where it is unset or \"dumb\", --progress auto means plain."},
        {"SSL_CERT_FILE",
         "Certificates of the authorities that are trusted, as a file, instead of the system's."},
        {"HTTPS_PROXY, NO_PROXY", "The proxy for registries, and the hosts that need none, as curl has it."},
        {"NAME", "Any variable that is named by a --build-arg without a value."},
    };
}

/// Breaks at blanks; every line after the first is indented.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t first_column)
{
    std::string out;
    std::size_t column = first_column;
    for (const auto word : split(text, ' ')) {
        if (column > indent && column + 1 + word.size() > page_width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > first_column || !out.empty()) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out + "\n";
}

std::string row_text(std::string_view left, std::string_view right)
{
    std::string out = fmt::format("  {}", left);
    if (out.size() + 2 > option_column)
        out += "\n" + std::string(option_column, ' ');
    else
        out.append(option_column - out.size(), ' ');
    return out + wrapped(right, option_column, option_column);
}

/// "-f, --file PATH".
std::string signature(const OptionSpec &option)
{
    std::string out;
    for (const auto name : split(option.names, ','))
        out += (out.empty() ? "" : ", ") + std::string{name};
    if (!out.starts_with("-") || out.starts_with("--"))
        out.insert(0, "    ");
    return option.value_name.empty() ? out : out + " " + option.value_name;
}

std::string usage_line(const CommandSpec &command)
{
    std::string out = "mica " + command.name;
    if (!command.options.empty())
        out += " [options]";
    for (const auto &operand : command.operands)
        out += " " + operand.name + (operand.repeatable ? "..." : "");
    return out;
}

std::string full_help(const OptionSpec &option)
{
    return option.repeatable ? option.help + " May be given several times." : option.help;
}

/// A bar would end the cell, even within code.
std::string cell(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '|' ? "\\|" : std::string(1, c);
    return out;
}

std::string markdown_table(std::string_view head, std::span<const Row> rows)
{
    std::string out = fmt::format("| {} | |\n| --- | --- |\n", head);
    for (const auto &[left, right] : rows)
        out += fmt::format("| `{}` | {} |\n", cell(left), cell(right));
    return out;
}

} // namespace

std::string overview(std::span<const CommandSpec> commands)
{
    std::string out = "mica builds container images from Dockerfiles, with no daemon and no privileges,\n"
                      "and pushes them to registries.\n\nUsage: mica COMMAND [options]\n\nCommands:\n";
    for (const auto &command : commands)
        out += row_text(command.name, command.summary);
    return out + "\n\"mica help COMMAND\" tells more about a command.\n";
}

std::string command_help(const CommandSpec &command)
{
    auto out = fmt::format("Usage: {}\n\n", usage_line(command));
    for (const auto paragraph : split(command.description, '\n'))
        out += wrapped(paragraph, 0, 0);
    if (!command.operands.empty())
        out += "\n";
    for (const auto &operand : command.operands)
        out += row_text(operand.name, operand.help);
    if (!command.options.empty())
        out += "\nOptions:\n";
    for (const auto &option : command.options)
        out += row_text(signature(option), full_help(option));
    if (command.options.empty())
        return out;
    out += row_text("-h, --help", "Say this.");
    out += "\nExit status:\n";
    for (const auto &[status, meaning] : exit_statuses())
        out += row_text(status, meaning);
    return out + wrapped(fmt::format("  {}", run_status), 2, 0);
}

std::string markdown(std::span<const CommandSpec> commands)
{
    std::string out =
        "# The command line\n\n"
        "This page is made from the tables in `src/cli/`; the unit tests check that it is up to date "
        "(`UPDATE_GOLDEN=1` writes it anew).\n";
    for (const auto &command : commands) {
        out += fmt::format("\n## `{}`\n\n", usage_line(command));
        for (const auto paragraph : split(command.description, '\n'))
            out += wrapped(paragraph, 0, 0);
        std::vector<Row> rows;
        for (const auto &operand : command.operands)
            rows.emplace_back(operand.name, operand.help);
        for (const auto &option : command.options)
            rows.emplace_back(trim(signature(option)), full_help(option));
        if (!rows.empty())
            out += "\n" + markdown_table("Argument", rows);
    }
    out += "\n## Exit status\n\n" + markdown_table("Status", exit_statuses());
    out += fmt::format("\n{}\n", run_status);
    return out + "\n## Environment\n\n" + markdown_table("Variable", variables());
}

} // namespace mica::cli
