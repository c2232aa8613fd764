#include "exec/step_copy.hh"

#include "exec/copy/copy.hh"
#include "exec/layer_contents.hh"
#include "exec/root_user.hh"
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace mica::exec {

namespace {

/// A source of files, and what must live as long as it is read.
struct CopySource {
    std::shared_ptr<const context::Context> context;
    std::unique_ptr<SourceView> view;
};

CopySource open_source(const plan::Input &from, const StepSite &site, const StepContext &context,
                       const std::stop_token &stop)
{
    if (const auto *directory = std::get_if<plan::ContextInput>(&from)) {
        auto opened = context.context_of(directory->name);
        auto view = view_of(*opened);
        return {std::move(opened), std::move(view)};
    }
    const auto root = context.root_of(from);
    const auto contents =
        std::make_shared<LayerContents>(context.catalog, root, context.services.scratch, stop);
    return {nullptr, view_of(root.tree(context.catalog, site.task, stop),
                             [contents](const layer::Inode &inode) { return contents->content(inode); })};
}

} // namespace

CopiedFiles copied_files(const plan::CopyStep &step, const StepSite &site, const StepContext &context,
                         const std::stop_token &stop)
{
    const auto source = std::make_shared<const CopySource>(open_source(step.from, site, context, stop));
    const auto tree = site.root.tree(context.catalog, site.task, stop);
    CopyRequest request{.step = step,
                        .source = *source->view,
                        .destination = tree,
                        .owner = std::nullopt,
                        .now = context.created,
                        .scratch = context.services.scratch,
                        .fetch = {}};
    if (!step.chown.empty())
        request.owner = root_owner(step.chown, site, tree, context, stop);
    return {plan_copy(request, stop), source};
}

} // namespace mica::exec
