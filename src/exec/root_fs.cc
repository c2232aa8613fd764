#include "exec/root_fs.hh"

#include "base/stop.hh"
#include "layer/way.hh"
#include <algorithm>
#include <functional>
#include <future>

namespace mica::exec {

namespace {

/// Layers are read side by side: inflating one is a single thread's work.
constexpr std::size_t layers_at_once = 4;

/// Looking up a path takes a few milliseconds for each 100,000 files of the image, making the tree some
/// 200, of which a stage may be spared all.
constexpr int most_ways = 6;

bool leads_through(std::string_view way, std::string_view path)
{
    return path.empty() || way == path ||
           (way.size() > path.size() && way.starts_with(path) && way[path.size()] == '/');
}

/// Reads the indexes from `first` on, several at once; gives each to `use` in the layers' order.
void for_each_index(const std::vector<oci::PlacedLayer> &layers, std::size_t from, LayerCatalog &catalog,
                    TaskId parent, const std::stop_token &stop,
                    const std::function<void(std::size_t number, IndexPtr index)> &use)
{
    for (std::size_t first = from; first < layers.size(); first += layers_at_once) {
        const std::size_t last = std::min(layers.size(), first + layers_at_once);
        std::vector<std::future<IndexPtr>> readings;
        for (std::size_t i = first; i < last; ++i)
            readings.push_back(
                std::async(std::launch::async, [&, i] { return catalog.index(layers[i], parent, stop); }));
        for (std::size_t i = first; i < last; ++i)
            use(i, readings[i - first].get());
    }
}

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
    for_each_index(layers, known.layers, catalog, parent, stop, [&](std::size_t number, IndexPtr index) {
        CatalogChanges changes{catalog, layers[number].layer.diff_id, std::move(index)};
        tree.apply_layer(changes, static_cast<std::uint32_t>(number), stop);
    });
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

std::optional<layer::FileTree> RootFs::look_up(std::string_view path, LayerCatalog &catalog, TaskId parent,
                                               const std::stop_token &stop) const
{
    std::vector<IndexPtr> indexes;
    std::vector<layer::IndexOf> layers;
    for_each_index(layers_, 0, catalog, parent, stop, [&](std::size_t number, IndexPtr index) {
        layers.push_back({layers_[number].layer.diff_id, *index});
        indexes.push_back(std::move(index));
    });
    return layer::way_to(path, layers, stop);
}

layer::FileTree::InodePtr RootFs::find(std::string_view path, LayerCatalog &catalog, TaskId parent,
                                       const std::stop_token &stop) const
{
    const std::scoped_lock guard{known_->mutex};
    for (const auto &way : known_->ways)
        if (leads_through(way.path, path))
            return way.tree.find(path);
    if (!known_->tree && known_->ways_looked_up < most_ways) {
        ++known_->ways_looked_up;
        if (auto tree = look_up(path, catalog, parent, stop)) {
            known_->ways.push_back({std::string{path}, std::move(*tree)});
            return known_->ways.back().tree.find(path);
        }
    }
    if (!known_->tree || known_->layers < layers_.size())
        apply_rest(layers_, *known_, catalog, parent, stop);
    return known_->tree->find(path);
}

layer::PathLookup RootFs::lookup(LayerCatalog &catalog, TaskId parent, const std::stop_token &stop) const
{
    return
        [this, &catalog, parent, stop](std::string_view path) { return find(path, catalog, parent, stop); };
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
        next->ways_looked_up = known_->ways_looked_up;
    }
    if (next->tree && next->layers == number && changes) {
        layer::ChangeList list{std::move(*changes)};
        next->tree->apply_layer(list, static_cast<std::uint32_t>(number), stop);
        next->layers = layers_.size();
    }
    known_ = std::move(next);
}

} // namespace mica::exec
