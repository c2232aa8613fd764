#include "cli/kaniko/log_options.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/console_choice.hh"
#include "cli/kaniko/flag_makers.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

const std::vector<std::string> levels{"trace", "debug", "info", "warn", "warning", "error", "fatal", "panic"};
const std::vector<std::string> formats{"text", "color", "json"};

void check_choice(const std::string &given, const std::vector<std::string> &choices)
{
    if (std::find(choices.begin(), choices.end(), given) == choices.end())
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is none of {}", given, join(choices, ", "))};
}

} // namespace

std::vector<Flag> log_flags(LogOptions &into)
{
    auto verbosity =
        value("verbosity", "LEVEL",
              "What is told on standard error: trace and debug tell more than info; warn, error, fatal "
              "and panic tell failures alone.",
              [&into](const std::string &given) {
                  check_choice(given, levels);
                  into.verbosity = given;
              });
    verbosity.short_name = 'v';
    return {with_default(std::move(verbosity), into.verbosity),
            with_default(
                value("log-format", "FORMAT",
                      "text and color are lines for people (color uses it on a terminal); json is one event "
                      "a line, in the form of docs/formats.md.",
                      [&into](const std::string &given) {
                          check_choice(given, formats);
                          into.format = given;
                      }),
                into.format),
            truth("log-timestamp", "Each line of text or color begins with the time; json always has it.",
                  into.timestamps)};
}

ui::RendererOptions renderer_for(const LogOptions &options, const ui::Terminal &window,
                                 const Environment &environment)
{
    const bool verbose = options.verbosity == "trace" || options.verbosity == "debug";
    const bool failures_alone = !verbose && options.verbosity != "info";
    auto wanted = ui::Progress::plain;
    if (options.format == "json")
        wanted = ui::Progress::json;
    else if (failures_alone)
        wanted = ui::Progress::quiet;
    auto rendering = choose_renderer(wanted, verbose, window, environment);
    if (options.format == "text")
        rendering.terminal.color = false;
    return rendering;
}

} // namespace mica::cli::kaniko
