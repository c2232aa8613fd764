#include "exec/squash.hh"

#include "exec/layer_commit.hh"
#include "exec/layer_contents.hh"
#include <algorithm>
#include <memory>
#include <utility>

namespace mica::exec {

RootFs squashed(const RootFs &root, const RootFs &base, const StepContext &context, TaskId parent,
                const std::stop_token &stop)
{
    const auto after = root.tree(context.catalog, parent, stop);
    auto changes = layer::diff(base.tree(context.catalog, parent, stop), after);
    RootFs result = base;
    if (changes.empty())
        return result;
    const auto contents =
        std::make_shared<LayerContents>(context.catalog, root, context.services.scratch, stop);
    for (auto &change : changes) {
        const bool has_bytes = change.kind == layer::Change::Kind::upsert &&
                               change.entry.type == tar::FileType::regular && change.entry.size > 0;
        if (has_bytes)
            change.content = contents->content(*after.find(change.entry.path));
    }
    layer::ChangeList list{std::move(changes)};
    auto committed = commit_layer(list, context, {}, stop);
    result.append(std::move(committed.layer), root.times().back(), std::move(committed.changes), stop);
    return result;
}

void squash_history(std::vector<oci::History> &history, std::size_t layers, std::size_t left)
{
    for (auto entry = history.rbegin(); entry != history.rend() && layers > 0; ++entry) {
        if (entry->empty_layer)
            continue;
        --layers;
        if (left > 0)
            --left;
        else
            entry->empty_layer = true;
    }
}

} // namespace mica::exec
