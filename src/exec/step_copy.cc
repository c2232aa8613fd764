#include "exec/step_copy.hh"

#include "exec/copy/copy.hh"
#include "exec/root_user.hh"
#include "exec/run_mounts/input_view.hh"
#include <optional>
#include <utility>
#include <variant>

namespace mica::exec {

CopiedFiles copied_files(const plan::CopyStep &step, const StepSite &site, const StepContext &context,
                         const std::stop_token &stop)
{
    const auto source = std::make_shared<const InputView>(view_input(step.from, context, site.task, stop));
    CopyRequest request{
        .step = step,
        .source = *source->view,
        .destination = site.root.lookup(context.catalog, site.task, stop),
        .owner = std::nullopt,
        .now = context.created,
        .scratch = context.services.scratch,
        .fetch =
            [&](const context::RemoteSource &remote) { return context.remote.view(remote, site.task, stop); },
        .reads_ahead = std::holds_alternative<plan::ContextInput>(step.from)};
    if (!step.chown.empty())
        request.owner = root_owner(step.chown, site, context, stop);
    return {plan_copy(request, stop), source};
}

} // namespace mica::exec
