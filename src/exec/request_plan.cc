#include "exec/request_plan.hh"

#include "dockerfile/parser.hh"
#include "exec/devices/registry.hh"
#include "oci/platform.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace mica::exec {

ParsedDockerfile parse_dockerfile(const BuildRequest &request)
{
    auto ast = dockerfile::parse(request.dockerfile_text, request.dockerfile_name);
    auto program = dockerfile::parse_program(ast);
    return {std::move(ast), std::move(program)};
}

namespace {

/// The machine's owner lets everybody have each device that the name stands for.
bool is_free(const DeviceRegistry &registry, const std::string &name)
{
    const auto devices = registry.find(name);
    return !devices.empty() &&
           std::ranges::all_of(devices, [](const auto *device) { return is_free_for_all(*device); });
}

} // namespace

plan::PlanOptions plan_options(const BuildRequest &request, const oci::Platform &platform, EventBus &bus)
{
    plan::PlanOptions options;
    options.build_args = request.build_args;
    options.target = request.target;
    options.platform = platform;
    options.build_platform = oci::host_platform();
    options.platform_is_default = request.platforms.empty();
    options.labels = request.labels;
    options.copy_as_user = request.copy_as_user;
    options.context_ignored = request.ignore_patterns;
    options.network_host_allowed = request.allowed.network_host;
    options.security_insecure_allowed = request.allowed.security_insecure;
    options.device_allowed = [allowed = request.allowed,
                              registry = std::optional<DeviceRegistry>{}](const std::string &name) mutable {
        if (allowed.device || allowed.devices.contains(name))
            return true;
        if (!registry)
            registry.emplace(cdi_directories());
        return is_free(*registry, name);
    };
    options.on_warning = [&bus](const plan::Warning &warning) {
        bus.publish(event::Note{event::Note::Level::warning,
                                fmt::format("{}: {}", warning.rule, warning.detail), warning.where});
    };
    return options;
}

} // namespace mica::exec
