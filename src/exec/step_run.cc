#include "exec/step_run.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "exec/devices/hand_over.hh"
#include "exec/emulation.hh"
#include "exec/root_user.hh"
#include "sandbox/sandbox.hh"
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <string>

namespace mica::exec {

namespace {

bool has_variable(const std::vector<std::string> &environment, std::string_view name)
{
    return std::any_of(environment.begin(), environment.end(), [&](const std::string &entry) {
        return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
    });
}

sandbox::Network network_of(const plan::RunStep &step)
{
    return step.network == "none" ? sandbox::Network::none : sandbox::Network::host;
}

/// What is set later counts, as in a shell.
void set_variable(std::vector<std::string> &environment, const std::string &name, const std::string &value)
{
    std::erase_if(environment, [&](const std::string &entry) {
        return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
    });
    environment.push_back(name + "=" + value);
}

std::vector<std::string> environment_of(const plan::RunStep &step, const OpenedMounts &mounts,
                                        const std::string &home, const StepContext &context)
{
    auto environment = step.environment;
    environment.insert(environment.end(), step.proxy_environment.begin(), step.proxy_environment.end());
    if (!has_variable(environment, "HOME"))
        environment.push_back("HOME=" + home);
    if (context.request.reproducible && context.epoch && !has_variable(environment, "SOURCE_DATE_EPOCH"))
        environment.push_back(
            fmt::format("SOURCE_DATE_EPOCH={}",
                        std::chrono::floor<std::chrono::seconds>(*context.epoch).time_since_epoch().count()));
    if (!mounts.agent_socket.empty() && !has_variable(environment, "SSH_AUTH_SOCK"))
        environment.push_back("SSH_AUTH_SOCK=" + mounts.agent_socket);
    for (const auto &[name, value] : mounts.variables)
        set_variable(environment, name, value);
    return environment;
}

sandbox::Command command_of(const plan::RunStep &step, const StepSite &site, OpenedMounts &mounts,
                            const layer::FileTree &tree, const StepContext &context,
                            const std::stop_token &stop)
{
    const auto user = root_user(step.user, site, tree, context, stop);
    sandbox::Command command;
    command.argv = step.argv;
    command.environment = environment_of(step, mounts, user.home, context);
    command.working_directory = step.working_directory.empty() ? "/" : step.working_directory;
    command.uid = user.uid;
    command.gid = user.gid;
    command.groups = user.groups;
    command.mounts = std::move(mounts.mounts);
    command.network = network_of(step);
    command.extra_hosts = context.request.extra_hosts;
    command.insecure = step.security == "insecure";
    return command;
}

HandedDevices devices_of(const plan::RunStep &step, const StepContext &context)
{
    if (step.devices.empty())
        return {};
    return hand_over(step, DeviceRegistry{cdi_directories()}, context.services.bus);
}

void give(HandedDevices devices, sandbox::Command &command)
{
    for (auto &mount : devices.mounts)
        command.mounts.push_back(std::move(mount));
    for (const auto &[name, value] : devices.variables)
        set_variable(command.environment, name, value);
    command.groups.insert(command.groups.end(), devices.groups.begin(), devices.groups.end());
}

/// The text that people know from docker: process "/bin/sh -c X" did not complete …
Error command_failed(const plan::RunStep &step, const sandbox::ExitStatus &status)
{
    auto error = Error{ErrorKind::command_failed,
                       fmt::format("process \"{}\" did not complete successfully: exit code: {}{}",
                                   join(step.argv, " "), status.code,
                                   status.signal != 0 ? fmt::format(" (signal {})", status.signal) : "")};
    error.set_exit_status(status.code);
    return error;
}

} // namespace

std::unique_ptr<layer::ChangeSource> run_changes(const plan::RunStep &step, const RunMounts &mounts,
                                                 const StepSite &site, StageWorkspace &workspace,
                                                 const StepContext &context, const std::stop_token &stop)
{
    auto devices = devices_of(step, context);
    check_can_execute(site.platform);
    // First, since the tree of a layer that is extracted comes with it.
    auto &place = workspace.at(site.root, site.task, stop);
    const auto before = site.root.tree(context.catalog, site.task, stop);
    auto opened = mounts.open();
    auto command = command_of(step, site, opened, before, context, stop);
    give(std::move(devices), command);
    const auto output = [&](bool is_stderr, BytesView bytes) {
        context.services.bus.publish(event::TaskOutput{
            site.task, is_stderr, std::string{reinterpret_cast<const char *>(bytes.data()), bytes.size()}});
    };
    const auto status = place.run(command, output, stop);
    if (status.code != 0)
        throw command_failed(step, status);
    return place.seal(before);
}

} // namespace mica::exec
