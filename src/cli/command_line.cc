#include "cli/command_line.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/arguments.hh"
#include "cli/build_command.hh"
#include "cli/build_options.hh"
#include "cli/console_choice.hh"
#include "cli/diff_command.hh"
#include "cli/doctor_command.hh"
#include "cli/help.hh"
#include "cli/images/build_all_command.hh"
#include "cli/images/plan_command.hh"
#include "cli/kaniko/executor.hh"
#include "cli/kaniko/warmer.hh"
#include "cli/lock_command.hh"
#include "cli/shared_cache_command.hh"
#include "cli/signals.hh"
#include "cli/state_commands.hh"
#include "cli/tools/tools.hh"
#include "cli/verify_command.hh"
#include "cli/version.hh"
#include "cli/warm_command.hh"
#include "io/fd.hh"
#include "ui/console.hh"
#include "ui/diagnostics.hh"
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace {

using Arguments = std::vector<std::string>;

CommandSpec help_command()
{
    return {"help",
            "Tell about mica, or about one of its commands.",
            "\"mica help\" lists the commands, \"mica help COMMAND\" tells about one.",
            {},
            {}};
}

CommandSpec version_command()
{
    return {"version",
            "Say which version this is.",
            "Prints mica's version, as \"mica --version\" does.",
            {},
            {}};
}

void print(const std::string &text)
{
    write_all(STDOUT_FILENO, as_bytes(text));
}

Error unknown_command(const std::string &name)
{
    Arguments names;
    for (const auto &command : all_commands())
        names.push_back(command.name);
    Error error{ErrorKind::usage, fmt::format("mica has no command \"{}\"", name)};
    if (const auto near = nearest(name, names))
        error.set_hint(fmt::format("did you mean \"mica {}\"?", *near));
    else
        error.set_hint("\"mica help\" lists the commands");
    return error;
}

const CommandSpec &find_command(const std::vector<CommandSpec> &commands, const std::string &name)
{
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const CommandSpec &command) { return command.name == name; });
    if (found == commands.end())
        throw unknown_command(name);
    return *found;
}

int help(const Arguments &arguments)
{
    const auto commands = all_commands();
    print(arguments.empty() ? overview(commands)
                            : command_help(find_command(commands, join(arguments, " "))));
    return ui::exit_code::success;
}

int build(const Arguments &arguments, const Environment &environment)
{
    const auto options = parse_build_options(arguments, environment);
    if (!options)
        return help({"build"});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run_build(*options, environment, stop.get_token());
}

int doctor(const Arguments &arguments, const Environment &environment)
{
    DoctorOptions options;
    if (parse_arguments(doctor_command_spec(options), arguments) == ParseOutcome::help_wanted)
        return help({"doctor"});
    const auto report = examine(options, environment);
    print(report.text);
    return report.can_build ? ui::exit_code::success : ui::exit_code::failure;
}

int build_all(const Arguments &arguments, const Environment &environment)
{
    BuildAllRequest request;
    if (parse_arguments(build_all_command_spec(request), arguments) == ParseOutcome::help_wanted)
        return help({"build-all"});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run_build_all(request, environment, stop.get_token());
}

int plan(const Arguments &arguments)
{
    PlanRequest request;
    if (parse_arguments(plan_command_spec(request), arguments) == ParseOutcome::help_wanted)
        return help({"plan"});
    print(plan_text(request));
    return ui::exit_code::success;
}

CommandSpec executor_command()
{
    return {"executor",
            "Build an image with the flags of Kaniko's executor.",
            "Takes the flags of Kaniko's executor, as mica also does when it is called by that name. "
            "\"mica executor --help\" lists them, and so does docs/kaniko.md.",
            {},
            {}};
}

int executor(const Arguments &arguments, const Environment &environment)
{
    return kaniko::run_executor(arguments, environment);
}

/// A command that prints its answer: `parse` into options, then `run` with them.
template <class Options, class Spec, class Run>
int simple(const Arguments &arguments, const Spec &spec, const Run &run)
{
    Options options;
    const auto command = spec(options);
    if (parse_arguments(command, arguments) == ParseOutcome::help_wanted)
        return help({command.name});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run(options, stop.get_token());
}

int shared_cache(const Arguments &arguments)
{
    if (arguments.empty() || arguments.front() != "prune")
        throw Error{ErrorKind::usage, "mica cache knows one thing: mica cache prune CACHE"};
    return simple<SharedPruneOptions>({arguments.begin() + 1, arguments.end()}, shared_prune_command_spec,
                                      run_shared_prune);
}

int diff(const Arguments &arguments, const Environment &environment)
{
    const auto options = parse_diff_options(arguments);
    if (!options)
        return help({"diff"});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run_diff(*options, environment, stop.get_token());
}

int verify(const Arguments &arguments, const Environment &environment)
{
    const auto options = parse_verify_options(arguments, environment);
    if (!options)
        return help({"verify"});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run_verify(*options, environment, stop.get_token());
}

int lock(const Arguments &arguments, const Environment &environment)
{
    const auto options = parse_lock_options(arguments, environment);
    if (!options)
        return help({"lock"});
    std::stop_source stop;
    const SignalWatcher watcher{stop};
    return run_lock(*options, environment, stop.get_token());
}

/// A command of the tables in tools/; "index create" has two words. nullopt: it is none.
std::optional<int> tool(const Arguments &arguments, const Environment &environment)
{
    ToolOptions options;
    for (const auto &command : tool_commands(options)) {
        const auto words = split(command.name, ' ');
        const bool is_it =
            words.size() <= arguments.size() && std::equal(words.begin(), words.end(), arguments.begin());
        if (!is_it)
            continue;
        const Arguments rest{arguments.begin() + static_cast<std::ptrdiff_t>(words.size()), arguments.end()};
        if (parse_arguments(command, rest) == ParseOutcome::help_wanted) {
            print(command_help(command));
            return ui::exit_code::success;
        }
        options.command = command.name;
        return run_tool(options, environment);
    }
    return std::nullopt;
}

int dispatch(const Arguments &arguments, const Environment &environment)
{
    if (arguments.empty()) {
        write_all(STDERR_FILENO, as_bytes(overview(all_commands())));
        return ui::exit_code::usage;
    }
    const auto &name = arguments.front();
    const Arguments rest{arguments.begin() + 1, arguments.end()};
    if (name == "build")
        return build(rest, environment);
    if (name == "doctor")
        return doctor(rest, environment);
    if (name == "build-all")
        return build_all(rest, environment);
    if (name == "plan")
        return plan(rest);
    if (name == "executor")
        return executor(rest, environment);
    if (name == "du")
        return simple<UsageOptions>(rest, usage_command_spec, [&](const auto &options, const auto &stop) {
            return run_usage(options, environment, stop);
        });
    if (name == "prune")
        return simple<PruneCommandOptions>(
            rest, prune_command_spec,
            [&](const auto &options, const auto &stop) { return run_prune(options, environment, stop); });
    if (name == "cache")
        return shared_cache(rest);
    if (name == "warm")
        return simple<WarmOptions>(rest, warm_command_spec, [&](const auto &options, const auto &stop) {
            return run_warm(options, environment, stop);
        });
    if (name == "diff")
        return diff(rest, environment);
    if (name == "verify")
        return verify(rest, environment);
    if (name == "lock")
        return lock(rest, environment);
    if (name == "help" || name == "--help" || name == "-h")
        return help(rest);
    if (name == "version" || name == "--version") {
        if (!rest.empty())
            throw Error{ErrorKind::usage, "mica version takes no arguments"};
        print(version_line() + "\n");
        return ui::exit_code::success;
    }
    if (const auto status = tool(arguments, environment))
        return *status;
    throw unknown_command(name);
}

} // namespace

std::vector<CommandSpec> all_commands()
{
    // The tables want something to write to; nobody calls them here.
    BuildOptions nobody;
    BuildAllRequest no_tree;
    PlanRequest no_plan;
    DiffOptions no_images;
    VerifyOptions no_image;
    LockOptions no_lock;
    const Environment nothing;
    ToolOptions no_tool;
    DoctorOptions no_doctor;
    UsageOptions usage;
    PruneCommandOptions prune;
    SharedPruneOptions shared_prune;
    WarmOptions warm;
    std::vector<CommandSpec> all{build_command_spec(nobody, nothing),
                                 build_all_command_spec(no_tree),
                                 plan_command_spec(no_plan),
                                 usage_command_spec(usage),
                                 prune_command_spec(prune),
                                 shared_prune_command_spec(shared_prune),
                                 warm_command_spec(warm),
                                 executor_command()};
    for (auto &command : tool_commands(no_tool))
        all.push_back(std::move(command));
    for (auto &command :
         {diff_command_spec(no_images), doctor_command_spec(no_doctor), lock_command_spec(no_lock, nothing),
          verify_command_spec(no_image, nothing), help_command(), version_command()})
        all.push_back(command);
    return all;
}

std::string version_line()
{
    return fmt::format("mica {}", version());
}

int run(const std::string &name, const std::vector<std::string> &arguments, const Environment &environment)
{
    const auto program = std::filesystem::path{name}.filename();
    const bool is_kaniko = program == "executor" || program == "warmer";
    try {
        if (is_kaniko)
            return program == "warmer" ? kaniko::run_warmer(arguments, environment)
                                       : kaniko::run_executor(arguments, environment);
        return dispatch(arguments, environment);
    } catch (const Cancelled &) {
        return ui::exit_code::cancelled;
    } catch (const Error &error) {
        const auto rendering =
            choose_renderer(ui::Progress::automatic, false, ui::window_size(STDERR_FILENO), environment);
        write_all(STDERR_FILENO, as_bytes(ui::format_error(error, {}, rendering.terminal.color)));
        return is_kaniko ? ui::exit_code::failure : ui::exit_status(error);
    }
}

} // namespace mica::cli
