#include "exec/request_plan.hh"

#include "dockerfile/parser.hh"
#include "oci/platform.hh"
#include <fmt/format.h>

namespace mica::exec {

ParsedDockerfile parse_dockerfile(const BuildRequest &request)
{
    auto ast = dockerfile::parse(request.dockerfile_text, request.dockerfile_name);
    auto program = dockerfile::parse_program(ast);
    return {std::move(ast), std::move(program)};
}

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
    options.device_allowed = request.allowed.device;
    options.on_warning = [&bus](const plan::Warning &warning) {
        bus.publish(event::Note{event::Note::Level::warning,
                                fmt::format("{}: {}", warning.rule, warning.detail), warning.where});
    };
    return options;
}

} // namespace mica::exec
