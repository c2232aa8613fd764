#include "layer/link_groups.hh"

#include <unordered_set>

namespace mica::layer {

namespace {

/// Runs `visit(child)` for all that is no directory and may have several names.
template <class Visit> void each_shared_file(const Child &child, const Visit &visit)
{
    // One owner is one name. More owners may also be other trees with the same node.
    if (!is_directory(child.inode) && child.inode.use_count() > 1)
        visit(child);
    if (child.directory)
        for (const Child &below : child.directory->children)
            each_shared_file(below, visit);
}

template <class Visit> void each_path(const Child &child, std::string &path, const Visit &visit)
{
    visit(child, path);
    if (!child.directory)
        return;
    const std::size_t length = path.size();
    for (const Child &below : child.directory->children) {
        if (length != 0)
            path += '/';
        path += below.name;
        each_path(below, path, visit);
        path.resize(length);
    }
}

} // namespace

LinkGroups::LinkGroups(const Child &root)
{
    std::unordered_set<const Inode *> seen;
    each_shared_file(root, [&](const Child &child) {
        if (!seen.insert(child.inode.get()).second)
            groups_[child.inode.get()];
    });
    if (groups_.empty())
        return;
    std::string path;
    each_path(root, path, [&](const Child &child, const std::string &at) {
        if (const auto group = groups_.find(child.inode.get()); group != groups_.end())
            group->second.push_back(at);
    });
}

const std::vector<std::string> *LinkGroups::names(const Inode *inode) const
{
    const auto group = groups_.find(inode);
    return group != groups_.end() ? &group->second : nullptr;
}

std::vector<std::string> LinkGroups::all_names() const
{
    std::vector<std::string> all;
    for (const auto &[inode, names] : groups_)
        all.insert(all.end(), names.begin(), names.end());
    return all;
}

} // namespace mica::layer
