#include "exec/inquiry.hh"

#include "dockerfile/parser.hh"
#include "exec/remote_inputs.hh"
#include "exec/request_plan.hh"
#include "exec/resolver.hh"
#include "oci/platform.hh"
#include <fmt/format.h>
#include <variant>

namespace mica::exec {

namespace {

/// The answers are about one platform: the first that was asked for.
plan::PlanOptions question(const BuildRequest &request, EventBus &bus)
{
    const auto platform = request.platforms.empty() ? oci::host_platform() : request.platforms.front();
    auto options = plan_options(request, platform, bus);
    options.on_warning = {}; // remarks are the answer, or beside the point
    return options;
}

std::string base_name(const plan::Input &base, const plan::BuildPlan &plan)
{
    if (const auto *stage = std::get_if<plan::StageInput>(&base))
        return plan.stages.at(stage->stage).name;
    if (const auto *image = std::get_if<plan::ImageInput>(&base))
        return plan.images.at(image->image).name;
    const auto *directory = std::get_if<plan::ContextInput>(&base);
    return directory != nullptr ? directory->name : "scratch";
}

} // namespace

plan::CheckReport check(const BuildRequest &request, Services &services, const std::stop_token &stop)
{
    Task task{services.bus, {}, TaskKind::build, "check " + request.dockerfile_name};
    const auto ast = dockerfile::parse(request.dockerfile_text, request.dockerfile_name);
    RemoteFiles remote{services, request.pins};
    ImageResolver resolver{request, services, remote, task.id(), stop};
    return plan::check_dockerfile(ast, question(request, services.bus), resolver);
}

plan::Outline outline(const BuildRequest &request, Services &services, const std::stop_token &stop)
{
    Task task{services.bus, {}, TaskKind::build, "outline " + request.dockerfile_name};
    const auto parsed = parse_dockerfile(request);
    RemoteFiles remote{services, request.pins};
    ImageResolver resolver{request, services, remote, task.id(), stop};
    return plan::make_outline(parsed.program, parsed.ast, question(request, services.bus), resolver);
}

std::vector<ResolvedInput> resolve_inputs(const BuildRequest &request, Services &services,
                                          const std::stop_token &stop)
{
    Task task{services.bus, {}, TaskKind::build, "resolve what " + request.dockerfile_name + " names"};
    const auto parsed = parse_dockerfile(request);
    auto platforms = request.platforms;
    if (platforms.empty())
        platforms.push_back(oci::host_platform());
    std::vector<ResolvedInput> inputs;
    RemoteFiles remote{services, request.pins};
    for (const auto &platform : platforms) {
        ImageResolver resolver{request, services, remote, task.id(), stop};
        auto options = plan_options(request, platform, services.bus);
        options.on_warning = {};
        fetch_all(plan::make_plan(parsed.program, parsed.ast, options, resolver), request, remote, task.id(),
                  stop);
        inputs.insert(inputs.end(), resolver.inputs().begin(), resolver.inputs().end());
    }
    const auto fetched = remote.inputs();
    inputs.insert(inputs.end(), fetched.begin(), fetched.end());
    return inputs;
}

std::string plan_text(const BuildRequest &request, Services &services, const std::stop_token &stop)
{
    const Task task{services.bus, {}, TaskKind::build, "plan " + request.dockerfile_name};
    const auto parsed = parse_dockerfile(request);
    const auto platform = request.platforms.empty() ? oci::host_platform() : request.platforms.front();
    RemoteFiles remote{services, request.pins};
    ImageResolver resolver{request, services, remote, task.id(), stop};
    const auto plan =
        plan::make_plan(parsed.program, parsed.ast, plan_options(request, platform, services.bus), resolver);
    std::string text;
    for (const auto &stage : plan.stages) {
        text += fmt::format("FROM {} AS {}\n", base_name(stage.base, plan), stage.name);
        for (const auto &step : stage.steps)
            text += "    " + step.name + "\n";
    }
    return text;
}

std::vector<plan::TargetInfo> targets(const BuildRequest &request, Services &services)
{
    const Task task{services.bus, {}, TaskKind::build, "targets of " + request.dockerfile_name};
    return plan::list_targets(parse_dockerfile(request).program);
}

} // namespace mica::exec
