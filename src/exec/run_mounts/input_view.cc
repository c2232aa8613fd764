#include "exec/run_mounts/input_view.hh"

#include "exec/layer_contents.hh"
#include <utility>
#include <variant>

namespace mica::exec {

InputView view_input(const plan::Input &input, const StepContext &context, TaskId task,
                     const std::stop_token &stop)
{
    if (const auto *directory = std::get_if<plan::ContextInput>(&input)) {
        auto opened = context.context_of(directory->name);
        std::shared_ptr<const SourceView> view = view_of(*opened);
        return {std::move(opened), std::move(view)};
    }
    const auto root = context.root_of(input);
    const auto contents =
        std::make_shared<LayerContents>(context.catalog, root, context.services.scratch, stop);
    return {nullptr, view_of(root.tree(context.catalog, task, stop),
                             [contents](const layer::Inode &inode) { return contents->content(inode); })};
}

} // namespace mica::exec
