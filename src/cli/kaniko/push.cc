#include "cli/kaniko/push.hh"

#include "base/error.hh"
#include "cli/kaniko/flag_makers.hh"
#include "cli/kaniko/help.hh"
#include "cli/kaniko/log_lines.hh"
#include "cli/kaniko/logged_run.hh"
#include "cli/tools/tool_jobs.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace mica::cli::kaniko {

Program push_program(PushOptions &into)
{
    return {"executor push",
            "Pushes an image that is in an OCI layout or in an archive for \"docker load\".",
            joined({{destination_flag(into.destinations)},
                    push_flags(into.registry),
                    pull_flags(into.registry, true),
                    {helpers_flag(into.registry)},
                    log_flags(into.log)}),
            {{"IMAGE", [&into](const std::string &given) { into.image = given; }}}};
}

std::string place_of(const std::string &image)
{
    std::error_code code;
    return (std::filesystem::is_directory(image, code) ? "oci-layout://" : "docker-archive://") + image;
}

int run_push(const std::vector<std::string> &arguments, const Environment &environment)
{
    PushOptions options;
    const auto program = push_program(options);
    if (parse(program, arguments, environment) == Parsed::help_wanted) {
        write_all(STDOUT_FILENO, as_bytes(help(program)));
        return ui::exit_code::success;
    }
    if (options.destinations.empty())
        throw Error{ErrorKind::usage, "there is no --destination to push the image to"};
    ToolOptions tool;
    tool.command = "push";
    tool.registries = registry_options_of(options.registry, options.destinations);
    tool.operands.push_back(place_of(options.image));
    for (const auto &name : options.destinations)
        tool.operands.push_back(name.str());
    return run_logged(options.log, environment, [&](EventBus &bus, const std::stop_token &stop) {
        LogLines lines{bus, options.destinations, false};
        cli::run_push({tool, environment, lines, stop});
        return ui::exit_code::success;
    });
}

} // namespace mica::cli::kaniko
