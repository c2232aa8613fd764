#include "layer/upper_tree.hh"

#include <algorithm>
#include <utility>

namespace mica::layer {

void UpperTree::add(const Change &change)
{
    check_change(change);
    switch (change.kind) {
    case Change::Kind::remove:
        node_at(change.entry.path, false).whiteout = true;
        return;
    case Change::Kind::opaque: {
        Node &node = node_at(change.entry.path, true);
        if (node.inode != nullptr && !is_directory(node.inode))
            node.inode = implied_directory();
        node.opaque = true;
        return;
    }
    case Change::Kind::upsert:
        return add_upsert(change.entry);
    }
}

void UpperTree::add_upsert(const tar::Entry &entry)
{
    FileTree::InodePtr inode;
    if (entry.type == tar::FileType::hardlink) {
        // The target may be in a lower layer, or come later: then a placeholder
        // stands in until the layer is complete.
        const Node *target = find(entry.link_target);
        if (target != nullptr && target->inode != nullptr && !is_directory(target->inode) &&
            !is_placeholder(target->inode)) {
            inode = target->inode;
        } else {
            inode = make_inode(entry, layer_);
            open_links_.push_back({entry, inode});
        }
    } else {
        inode = make_inode(entry, layer_);
    }
    Node &node = node_at(entry.path, true);
    if (!is_directory(inode))
        node.children.reset();
    else if (node.inode != nullptr && !is_directory(node.inode))
        node.opaque = true; // a file stood here first: what is below was hidden by it
    node.inode = std::move(inode);
}

UpperTree::Node &UpperTree::node_at(std::string_view path, bool to_exist)
{
    Node *at = &root_;
    at->exists |= to_exist;
    while (!path.empty()) {
        if (to_exist && at->inode != nullptr && !is_directory(at->inode)) {
            at->inode = implied_directory();
            at->opaque = true;
        }
        if (!at->children)
            at->children = std::make_unique<UpperNodes>();
        at = &at->children->at(take_component(path));
        at->exists |= to_exist;
    }
    return *at;
}

UpperTree::Node *UpperTree::find(std::string_view path)
{
    Node *at = &root_;
    while (!path.empty() && at != nullptr)
        at = at->children ? at->children->find(take_component(path)) : nullptr;
    return at;
}

bool UpperTree::is_placeholder(const FileTree::InodePtr &inode)
{
    return inode->type == tar::FileType::hardlink;
}

bool UpperTree::close_link(const OpenLink &open, const Child &lower_root)
{
    Node *node = find(open.link.path);
    if (node == nullptr || node->inode != open.placeholder)
        return true; // something else was put there later
    const Node *target = find(open.link.link_target);
    if (target == nullptr || target->inode == nullptr) {
        node->inode = link_target(open.link, find_child(lower_root, open.link.link_target));
        return true;
    }
    if (is_placeholder(target->inode) && target->inode != open.placeholder)
        return false;
    const Child in_upper{{}, target->inode, {}};
    node->inode = link_target(open.link, target->inode == open.placeholder
                                             ? find_child(lower_root, open.link.link_target)
                                             : &in_upper);
    return true;
}

// Links to links to come are closed in rounds; each round closes at least one unless
// they run in a circle.
void UpperTree::close_links(const Child &lower_root)
{
    while (!open_links_.empty()) {
        const auto closed = std::remove_if(open_links_.begin(), open_links_.end(), [&](const OpenLink &open) {
            return close_link(open, lower_root);
        });
        if (closed == open_links_.end())
            (void)link_target(open_links_.front().link, nullptr);
        open_links_.erase(closed, open_links_.end());
    }
}

Child UpperTree::merge_onto(const Child &lower_root) &&
{
    close_links(lower_root);
    Child merged;
    root_.exists = true;
    if (root_.inode == nullptr)
        root_.inode = lower_root.inode;
    (void)merge(&lower_root, root_, merged);
    return merged;
}

/// False: nothing is left at this name.
bool UpperTree::merge(const Child *lower, Node &upper, Child &result)
{
    if (upper.inode != nullptr && !is_directory(upper.inode)) {
        result.inode = std::move(upper.inode);
        return true;
    }
    const bool over_directory = lower != nullptr && is_directory(lower->inode);
    if (!upper.exists) {
        // Marks alone, at it or below it: they bring nothing into being.
        if (upper.whiteout || lower == nullptr)
            return false;
        result.inode = lower->inode;
        if (over_directory)
            result.directory = merge_children(lower->directory.get(), upper);
        return true;
    }
    const bool see_through = over_directory && !upper.whiteout && !upper.opaque;
    if (upper.inode == nullptr)
        upper.inode = over_directory && !upper.whiteout ? lower->inode : implied_directory();
    result.inode = std::move(upper.inode);
    result.directory = merge_children(see_through ? lower->directory.get() : nullptr, upper);
    return true;
}

DirectoryPtr UpperTree::merge_children(const Directory *lower, Node &upper)
{
    auto merged = std::make_unique<Directory>();
    auto &out = merged->children;
    const std::span<const Child> below =
        lower != nullptr ? std::span<const Child>{lower->children} : std::span<const Child>{};
    // Freed on the way: both trees in full would be twice the memory.
    auto nodes = upper.children ? upper.children->take_sorted() : std::vector<Node>{};
    upper.children.reset();
    out.reserve(below.size() + nodes.size());
    auto at = below.begin();
    for (Node &node : nodes) {
        for (; at != below.end() && at->name < node.name; ++at)
            out.push_back(*at);
        const bool in_lower = at != below.end() && at->name == node.name;
        Child child;
        if (merge(in_lower ? &*at : nullptr, node, child)) {
            child.name = std::move(node.name);
            out.push_back(std::move(child));
        }
        if (in_lower)
            ++at;
    }
    out.insert(out.end(), at, below.end());
    out.shrink_to_fit();
    return out.empty() ? DirectoryPtr{} : DirectoryPtr{merged.release()};
}

} // namespace mica::layer
