#include "cli/diff_command.hh"

#include "auth/credentials.hh"
#include "cli/arguments.hh"
#include "cli/trouble.hh"
#include "cli/values.hh"
#include "cli/version.hh"
#include "io/fd.hh"
#include "oci/platform.hh"
#include "registry/client.hh"
#include "ui/diagnostics.hh"
#include "verify/compare.hh"
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace {

std::string render(const verify::Report &report, ReportFormat format)
{
    switch (format) {
    case ReportFormat::text:
        return verify::render_text(report);
    case ReportFormat::json:
        return verify::render_json(report);
    case ReportFormat::html:
        return verify::render_html(report);
    }
    throw Error{ErrorKind::internal, "a report has no valid format"};
}

int compare(const DiffOptions &options, const std::stop_token &stop)
{
    const auto left = verify::parse_location(options.left), right = verify::parse_location(options.right);
    std::optional<oci::Platform> platform;
    if (options.platform)
        platform = oci::parse_platform(*options.platform);
    const auto credentials = auth::docker_config_provider();
    registry::Options registries;
    registries.insecure_registries = options.insecure_registries;
    registries.user_agent = fmt::format("mica/{}", version());
    const auto client = registry::make_client(registries, *credentials);
    const auto report = verify::compare(verify::open_image(left, *client, platform, stop),
                                        verify::open_image(right, *client, platform, stop), {}, stop);
    if (!options.quiet)
        write_report(options.output, render(report, options.format));
    return report.same() ? 0 : 1;
}

} // namespace

void write_report(const std::optional<std::filesystem::path> &output, const std::string &text)
{
    if (output && *output != "-")
        write_file_atomically(*output, text);
    else
        write_all(STDOUT_FILENO, as_bytes(text));
}

ReportFormat parse_report_format(const std::string &text)
{
    if (text == "text")
        return ReportFormat::text;
    if (text == "json")
        return ReportFormat::json;
    if (text == "html")
        return ReportFormat::html;
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is no format of a report: text, json, html", text)};
}

CommandSpec diff_command_spec(DiffOptions &into)
{
    CommandSpec command;
    command.name = "diff";
    command.summary = "Show in what two images differ.";
    command.description =
        "Compares two images: manifest, configuration and history, then layer by layer and file by file, "
        "with the "
        "instruction that made each layer and a guess of the cause. Layers with the same digest are not "
        "read. The "
        "exit status is 0 if the images are the same, 1 if they differ, 2 if there is trouble.\n\n"
        "An image is a name (of a registry), oci-layout://PATH[:TAG], oci-archive://PATH[:TAG], "
        "docker-archive://PATH[:TAG], or the path of a layout or archive that begins with \"/\" or \"./\".";
    command.options = {
        {"--format", "text|json|html", "The form of the report; html is one page that needs nothing else.",
         false, [&into](const std::string &value) { into.format = parse_report_format(value); }},
        {"-o,--output", "FILE", "Write the report to a file instead of standard output.", false,
         [&into](const std::string &value) { into.output = value; }},
        {"--platform", "OS/ARCH[/VARIANT]", "Compare the images of this platform alone (default: of all).",
         false, [&into](const std::string &value) { into.platform = value; }},
        {"-q,--quiet", "", "Write no report: the exit status says it.", false,
         [&into](const std::string &value) { into.quiet = parse_switch(value); }},
        {"--insecure-registry", "HOST[:PORT]",
         "Speak plain HTTP to this registry (to loopback it is always allowed).", true,
         [&into](const std::string &value) { into.insecure_registries.push_back(value); }},
    };
    command.operands = {
        {"LEFT", "One image.", [&into](const std::string &value) { into.left = value; }},
        {"RIGHT", "The other image.", [&into](const std::string &value) { into.right = value; }},
    };
    return command;
}

std::optional<DiffOptions> parse_diff_options(const std::vector<std::string> &arguments)
{
    DiffOptions options;
    if (parse_arguments(diff_command_spec(options), arguments) == ParseOutcome::help_wanted)
        return std::nullopt;
    return options;
}

int run_diff(const DiffOptions &options, const Environment &environment, const std::stop_token &stop)
{
    return with_trouble_told(environment, [&] { return compare(options, stop); });
}

} // namespace mica::cli
