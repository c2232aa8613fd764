#include "exec/root_fs.hh"

#include "base/stop.hh"
#include <algorithm>
#include <future>

namespace mica::exec {

namespace {

/// Layers are read side by side: inflating one is a single thread's work.
constexpr std::size_t layers_at_once = 4;

/// A layer's index as what a tree takes.
class CatalogChanges final : public layer::ChangeSource {
public:
    CatalogChanges(LayerCatalog &catalog, const Digest &diff_id, IndexPtr index)
        : catalog_{catalog}, diff_id_{diff_id}, index_{std::move(index)}
    {
    }
    void visit(const layer::ChangeVisitor &visitor, const std::stop_token &stop) override
    {
        catalog_.visit(diff_id_, index_, [&](const layer::Change &change) {
            throw_if_stopped(stop);
            visitor(change);
        });
    }

private:
    LayerCatalog &catalog_;
    const Digest &diff_id_;
    IndexPtr index_;
};

} // namespace

RootFs::RootFs(std::vector<oci::PlacedLayer> layers)
    : layers_{std::move(layers)}, known_{std::make_shared<Known>()}
{
    if (layers_.empty())
        known_->tree.emplace();
}

/// The tree is either brought up to all layers or left as it was.
void RootFs::apply_rest(const std::vector<oci::PlacedLayer> &layers, Known &known, LayerCatalog &catalog,
                        TaskId parent, const std::stop_token &stop)
{
    layer::FileTree tree;
    if (known.tree)
        tree = *known.tree;
    for (std::size_t first = known.layers; first < layers.size(); first += layers_at_once) {
        const std::size_t last = std::min(layers.size(), first + layers_at_once);
        std::vector<std::future<IndexPtr>> readings;
        for (std::size_t i = first; i < last; ++i)
            readings.push_back(
                std::async(std::launch::async, [&, i] { return catalog.index(layers[i], parent, stop); }));
        for (std::size_t i = first; i < last; ++i) {
            CatalogChanges changes{catalog, layers[i].layer.diff_id, readings[i - first].get()};
            tree.apply_layer(changes, static_cast<std::uint32_t>(i), stop);
        }
    }
    known.tree = std::move(tree);
    known.layers = layers.size();
}

layer::FileTree RootFs::tree(LayerCatalog &catalog, TaskId parent, const std::stop_token &stop) const
{
    const std::scoped_lock guard{known_->mutex};
    if (!known_->tree || known_->layers < layers_.size())
        apply_rest(layers_, *known_, catalog, parent, stop);
    return *known_->tree;
}

void RootFs::append(oci::PlacedLayer layer, Time created, std::optional<std::vector<layer::Change>> changes,
                    const std::stop_token &stop)
{
    const auto number = layers_.size();
    layers_.push_back(std::move(layer));
    times_.push_back(created);
    auto next = std::make_shared<Known>();
    {
        const std::scoped_lock guard{known_->mutex};
        next->tree = known_->tree;
        next->layers = known_->layers;
    }
    if (next->tree && next->layers == number && changes) {
        layer::ChangeList list{std::move(*changes)};
        next->tree->apply_layer(list, static_cast<std::uint32_t>(number), stop);
        next->layers = layers_.size();
    }
    known_ = std::move(next);
}

} // namespace mica::exec
