#include "cli/kaniko/executor.hh"

#include "base/error.hh"
#include "cli/build_session.hh"
#include "cli/kaniko/help.hh"
#include "cli/kaniko/log_lines.hh"
#include "cli/kaniko/logged_run.hh"
#include "cli/kaniko/login.hh"
#include "cli/kaniko/push.hh"
#include "cli/kaniko/sources.hh"
#include "cli/kaniko/variables.hh"
#include "cli/state_limit.hh"
#include "cli/version.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli::kaniko {

namespace {

void print(const std::string &text)
{
    write_all(STDOUT_FILENO, as_bytes(text));
}

output::OutputSpec output_to(output::OutputType type, const std::string &destination,
                             const ExecutorOptions &options)
{
    output::OutputSpec spec;
    spec.type = type;
    spec.destination = destination;
    spec.as_tar = type == output::OutputType::docker;
    spec.names = options.destinations;
    spec.oci_media_types = !options.docker_format.value_or(false);
    return spec;
}

/// An archive for "docker load" has a name, if only this one, which Kaniko's users know.
output::OutputSpec archive(const ExecutorOptions &options)
{
    auto spec = output_to(output::OutputType::docker, options.tar_path, options);
    if (spec.names.empty())
        spec.names.push_back(oci::Reference::parse("unset-repo/unset-image-name"));
    return spec;
}

std::vector<output::OutputSpec> outputs_of(const ExecutorOptions &options)
{
    std::vector<output::OutputSpec> outputs;
    if (!options.no_push) {
        // Each for itself: a tag that must not change is no reason to leave out the others.
        for (const auto &name : options.destinations) {
            outputs.push_back(output_to(output::OutputType::registry, {}, options));
            outputs.back().names = {name};
        }
    }
    if (!options.tar_path.empty())
        outputs.push_back(archive(options));
    if (!options.oci_layout_path.empty())
        outputs.push_back(output_to(output::OutputType::oci, options.oci_layout_path, options));
    return outputs;
}

/// The stages after the first one are built for the cache's sake.
void build_other_targets(const ExecutorOptions &options, BuildOptions build, const Environment &environment,
                         EventBus &bus, const std::stop_token &stop)
{
    build.outputs.clear();
    for (std::size_t i = 1; i < options.targets.size(); ++i) {
        build.target = options.targets[i];
        (void)BuildSession{build, environment, bus, stop}.run();
    }
}

int build(const ExecutorOptions &options, const Environment &environment, EventBus &bus,
          const std::stop_token &stop)
{
    LogLines lines{bus, options.no_push ? std::vector<oci::Reference>{} : options.destinations,
                   options.cache.enabled};
    for (const auto &remark : remarks_on_variables(environment))
        lines.publish(event::Note{event::Note::Level::warning, remark, {}});
    try {
        const auto build = build_options_of(options, environment);
        if (options.dry_run || environment.get("KANIKO_PRINT_PLAN"))
            print(BuildSession{build, environment, lines, stop}.plan_text());
        if (options.dry_run)
            return ui::exit_code::success;
        const StateLimit limit{build.keep_storage, build.state, environment};
        const auto metadata = BuildSession{build, environment, lines, stop}.run();
        build_other_targets(options, build, environment, lines, stop);
        write_digest_files(options.digest_files, options.destinations, metadata.descriptor.digest,
                           environment, stop);
        limit.keep(lines, stop);
        return ui::exit_code::success;
    } catch (const Error &error) {
        lines.failed(error, is_about_permissions_to_push(error) ? "error checking push permissions"
                                                                : "error building image");
        throw;
    }
}

int run_command(const std::vector<std::string> &arguments, const Environment &environment)
{
    ExecutorOptions options;
    const auto program = executor_program(options, environment);
    if (parse(program, arguments, environment) == Parsed::help_wanted) {
        print(help(program));
        return ui::exit_code::success;
    }
    check_together(options);
    return run_logged(options.log, environment, [&](EventBus &bus, const std::stop_token &stop) {
        return build(options, environment, bus, stop);
    });
}

} // namespace

BuildOptions build_options_of(const ExecutorOptions &options, const Environment &environment)
{
    auto build = options.build;
    build.copy_as_user = copies_as_user(environment);
    apply_sources(options, environment, build);
    build.tags = options.destinations;
    build.outputs = outputs_of(options);
    build.keep_image = false;
    build.check_push = !options.registry.skip_push_check;
    if (!options.targets.empty())
        build.target = options.targets.front();
    apply_cache_flags(options.cache, options.destinations, options.no_push, build);
    build.registries = registry_options_of(options.registry, options.destinations);
    if (options.kaniko_dir)
        build.state = std::filesystem::path{*options.kaniko_dir} / "state";
    settle(build, environment);
    if (options.reproducible && !build.source_date_epoch)
        build.source_date_epoch = Time{};
    return build;
}

int run_executor(const std::vector<std::string> &arguments, const Environment &environment)
{
    const auto command = arguments.empty() ? std::string{} : arguments.front();
    const std::vector<std::string> rest{arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end()};
    if (command == "version") {
        print(fmt::format("Kaniko version : mica {}\n", version()));
        return ui::exit_code::success;
    }
    if (command == "login")
        return run_login(rest, environment);
    if (command == "push")
        return run_push(rest, environment);
    if (command == "help")
        return run_command({"--help"}, environment);
    return run_command(arguments, environment);
}

} // namespace mica::cli::kaniko
