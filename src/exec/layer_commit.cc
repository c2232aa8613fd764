#include "exec/layer_commit.hh"

#include "layer/layer_index.hh"
#include "layer/layer_writer.hh"

namespace mica::exec {

CommittedLayer commit_layer(layer::ChangeSource &changes, const StepContext &context,
                            const std::stop_token &stop)
{
    std::vector<layer::Change> written;
    const layer::LayerOptions options{context.request.compression, context.epoch,
                                      context.request.fixed_times};
    const auto observe = [&](const layer::Change &change) {
        written.push_back(
            {change.kind, change.entry, layer::is_kept_in_index(change.entry) ? change.content : nullptr});
    };
    auto layer =
        layer::write_layer(changes, options, *context.services.store, context.services.pool, observe, stop);
    context.catalog.learn(layer.diff_id, written);
    for (auto &change : written)
        change.content = nullptr;
    return {{std::move(layer), context.services.store}, std::move(written)};
}

} // namespace mica::exec
