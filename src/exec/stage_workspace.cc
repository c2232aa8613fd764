#include "exec/stage_workspace.hh"

#include <vector>

namespace mica::exec {

sandbox::Workspace &StageWorkspace::at(const RootFs &root, TaskId parent, const std::stop_token &stop)
{
    const auto &layers = root.layers();
    if (!workspace_) {
        std::vector<sandbox::LayerSource> sources;
        for (const auto &layer : layers)
            sources.push_back(context_.catalog.for_sandbox(layer, parent));
        workspace_ = context_.services.backend().open(sources, context_.services.bus, parent, stop);
        layers_ = layers.size();
    }
    for (; layers_ < layers.size(); ++layers_)
        workspace_->add_layer(context_.catalog.for_sandbox(layers[layers_], parent), stop);
    return *workspace_;
}

} // namespace mica::exec
