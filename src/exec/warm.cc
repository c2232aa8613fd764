#include "exec/warm.hh"

#include "exec/inquiry.hh"
#include "exec/layer_catalog.hh"
#include "exec/request_plan.hh"
#include "exec/resolver.hh"
#include "oci/platform.hh"
#include "plan/planner.hh"

namespace mica::exec {

namespace {

std::vector<oci::Platform> platforms_of(const BuildRequest &request)
{
    return request.platforms.empty() ? std::vector{oci::host_platform()} : request.platforms;
}

} // namespace

std::vector<std::string> images_of(const BuildRequest &request, Services &services,
                                   const std::stop_token &stop)
{
    services.bus.publish(event::SourceText{request.dockerfile_name, request.dockerfile_text});
    const auto dockerfile = parse_dockerfile(request);
    RemoteFiles remote{services, request.pins};
    ImageResolver resolver{request, services, remote, {}, stop};
    const auto plan =
        plan::make_plan(dockerfile.program, dockerfile.ast,
                        plan_options(request, platforms_of(request).front(), services.bus), resolver);
    std::vector<std::string> names;
    for (const auto &image : plan.images)
        names.push_back(image.name);
    return names;
}

std::size_t warm(const std::vector<std::string> &images, const BuildRequest &request, Services &services,
                 const std::stop_token &stop)
{
    LayerCatalog catalog{services};
    std::size_t layers = 0;
    for (const auto &platform : platforms_of(request)) {
        for (const auto &name : images) {
            const Task task{services.bus, {}, TaskKind::pull, "warm " + name};
            RemoteFiles remote{services, request.pins};
            ImageResolver resolver{request, services, remote, task.id(), stop};
            for (const auto &layer : resolver.resolved(resolver.image(name, platform, {}).handle).layers) {
                catalog.ensure_local(layer, task.id(), stop);
                static_cast<void>(catalog.changes(layer, task.id(), stop));
                ++layers;
            }
        }
    }
    return layers;
}

} // namespace mica::exec
