#include "exec/run_mounts/input_view.hh"

#include "exec/copy/timed_view.hh"
#include "exec/layer_contents.hh"
#include "exec/named_contexts.hh"
#include <utility>
#include <variant>

namespace mica::exec {

namespace {

/// The times of its files are those of a checkout or an unpacking: two builds of the same files
/// would differ by them. Archives, repositories and servers tell times that are the same tomorrow.
bool is_host_directory(const std::string &name, const BuildRequest &request)
{
    if (name.empty())
        return !request.context_date;
    const auto *context = find_named_context(request, name);
    return context != nullptr && std::holds_alternative<DirectoryContext>(*context);
}

} // namespace

InputView view_input(const plan::Input &input, const StepContext &context, TaskId task,
                     const std::stop_token &stop)
{
    if (const auto *directory = std::get_if<plan::ContextInput>(&input)) {
        auto opened = context.context_of(directory->name);
        auto view = view_of(*opened);
        if (context.epoch && is_host_directory(directory->name, context.request))
            view = with_times(std::move(view), *context.epoch);
        return {std::move(opened), std::move(view)};
    }
    const auto root = context.root_of(input);
    const auto contents =
        std::make_shared<LayerContents>(context.catalog, root, context.services.scratch, stop);
    return {nullptr, view_of(root.tree(context.catalog, task, stop),
                             [contents](const layer::Inode &inode) { return contents->content(inode); })};
}

} // namespace mica::exec
