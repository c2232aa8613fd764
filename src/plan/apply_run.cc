#include "base/text.hh"
#include "dockerfile/device_flag.hh"
#include "dockerfile/heredoc.hh"
#include "plan/apply.hh"
#include "plan/mounts.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// The command of RUN with its heredocs:
///   RUN <<EOF           the body is the script, for the shell, or, when it begins with
///                       "#!", a file to be executed;
///   RUN cmd <<EOF …     the shell reads the heredoc: it gets the line and the bodies.
/// Bodies are not expanded here: variables in them are the shell's.
void read_command(const StageScope &scope, const dockerfile::CommandLine &line, RunStep &step)
{
    if (line.heredocs.empty()) {
        step.argv = scope.with_shell(line);
        return;
    }
    if (line.words.size() != 1 || !line.shell_form)
        throw Error{ErrorKind::dockerfile, "RUN has a heredoc but no command that could read it"};
    auto command = line;
    auto &text = command.words.front();
    const auto &first = line.heredocs.front();
    if (!dockerfile::parse_heredoc_word(text)) {
        for (const auto &heredoc : line.heredocs)
            text += "\n" + heredoc.raw + heredoc.name;
    } else if (first.content.starts_with("#!") && scope.stage.image.platform.os != "windows") {
        const auto path = "/dev/pipes/" + first.name;
        step.scripts.push_back({first.name, first.content});
        text = path;
    } else {
        text = first.content;
    }
    step.argv = scope.with_shell(command);
}

/// "|2 A=1 B=2 /bin/sh -c …": the arguments that the command could see, each once,
/// with the value that it saw.
std::string history_line(const StageScope &scope, const std::vector<std::string> &argv)
{
    std::vector<std::string> words;
    std::vector<std::string> names;
    for (const auto &[name, declared] : scope.stage.arguments) {
        const auto word = name + "=" + scope.stage.environment.get(name).value_or(declared);
        const auto seen = std::find(names.begin(), names.end(), name);
        if (seen != names.end()) {
            words[static_cast<std::size_t>(seen - names.begin())] = word;
            continue;
        }
        names.push_back(name);
        words.push_back(word);
    }
    if (!words.empty())
        words.insert(words.begin(), fmt::format("|{}", words.size()));
    words.insert(words.end(), argv.begin(), argv.end());
    return "RUN " + join(words, " ") + " # buildkit";
}

[[noreturn]] void refuse(const std::string &what, const std::string &entitlement)
{
    throw Error{ErrorKind::denied, fmt::format("{} needs the entitlement {}, and {} is not allowed", what,
                                               entitlement, entitlement)}
        .with_hint(fmt::format("allow it with --allow={} if you trust this Dockerfile", entitlement));
}

void check_permissions(const RunStep &step, const PlanOptions &options)
{
    if (step.network == "host" && !options.network_host_allowed)
        refuse("RUN --network=host", "network.host");
    if (step.security == "insecure" && !options.security_insecure_allowed)
        refuse("RUN --security=insecure", "security.insecure");
    for (const auto &flag : step.devices)
        if (!options.device_allowed || !options.device_allowed(dockerfile::parse_device(flag).name))
            refuse("RUN --device", "device");
}

/// The first line of a script, so that one sees which step runs.
std::string summary(const dockerfile::CommandLine &line)
{
    if (line.heredocs.empty() || !dockerfile::parse_heredoc_word(line.words.front()))
        return {};
    const auto body = trim(line.heredocs.front().content);
    const auto end = body.find_first_of("\r\n");
    return fmt::format(" ({}{})", body.substr(0, end), end == std::string_view::npos ? "" : "...");
}

std::set<std::string> secret_variables(const std::vector<MountSpec> &mounts)
{
    std::set<std::string> out;
    for (const auto &mount : mounts)
        if (!mount.env.empty())
            out.insert(mount.env);
    return out;
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Run &run)
{
    RunStep step;
    step.mounts = mounts_of(scope, run);
    read_command(scope, run.command, step);
    step.network = run.network.empty() ? "default" : run.network;
    step.security = run.security.empty() ? "sandbox" : run.security;
    step.devices = run.devices;
    check_permissions(step, scope.build.options);
    step.environment = scope.stage.environment.assignments();
    step.proxy_environment = scope.build.proxies;
    step.working_directory = scope.config().working_dir.empty() ? "/" : scope.config().working_dir;
    step.user = scope.config().user;
    const auto history = add_history(scope.stage, history_line(scope, step.argv), true);
    auto name = scope.display_name(secret_variables(step.mounts)) + summary(run.command);
    scope.add_step(std::move(step), std::move(name), history);
}

} // namespace mica::plan
