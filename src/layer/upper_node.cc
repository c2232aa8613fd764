#include "layer/upper_node.hh"

#include <algorithm>

namespace mica::layer {

namespace {

bool name_less(const UpperNode &a, const UpperNode &b)
{
    return a.name < b.name;
}

} // namespace

UpperNode *UpperNodes::find(std::string_view name)
{
    if (index_) {
        const auto found = index_->find(name);
        return found != index_->end() ? &nodes_[*found] : nullptr;
    }
    // Most often it is the directory that the entry before was in.
    if (!nodes_.empty() && nodes_.back().name == name)
        return &nodes_.back();
    const auto found =
        std::lower_bound(nodes_.begin(), nodes_.end(), name,
                         [](const UpperNode &node, std::string_view wanted) { return node.name < wanted; });
    return found != nodes_.end() && found->name == name ? &*found : nullptr;
}

UpperNode &UpperNodes::at(std::string_view name)
{
    if (UpperNode *found = find(name))
        return *found;
    if (!index_ && !nodes_.empty() && name < nodes_.back().name)
        make_index();
    nodes_.emplace_back().name = name;
    if (index_)
        index_->insert(static_cast<std::uint32_t>(nodes_.size() - 1));
    return nodes_.back();
}

void UpperNodes::make_index()
{
    index_ = std::make_unique<Index>(2 * nodes_.size() + 16, Hash{&nodes_}, Equal{&nodes_});
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        index_->insert(i);
}

std::vector<UpperNode> UpperNodes::take_sorted()
{
    if (index_)
        std::sort(nodes_.begin(), nodes_.end(), name_less);
    index_.reset();
    return std::move(nodes_);
}

} // namespace mica::layer
