#include "layer/file_tree.hh"
#include "layer/tree_node.hh"
#include <unordered_map>

namespace mica::layer {

namespace {

/// Paths, metadata and origins, without a look at hard links.
bool same_files(const Child &a, const Child &b)
{
    if (!same_inode(a.inode, b.inode))
        return false;
    if (a.directory == b.directory)
        return true;
    if (!a.directory || !b.directory || a.directory->children.size() != b.directory->children.size())
        return false;
    for (std::size_t i = 0; i < a.directory->children.size(); ++i) {
        const Child &in_a = a.directory->children[i];
        const Child &in_b = b.directory->children[i];
        if (in_a.name != in_b.name || !same_files(in_a, in_b))
            return false;
    }
    return true;
}

/// Two trees with the same paths have the same groups of hard links if their inodes
/// stand to each other one to one.
class LinkPairs {
public:
    bool same(const Child &a, const Child &b)
    {
        if (!is_directory(a.inode)) {
            const auto forth = forth_.emplace(a.inode.get(), b.inode.get()).first;
            const auto back = back_.emplace(b.inode.get(), a.inode.get()).first;
            return forth->second == b.inode.get() && back->second == a.inode.get();
        }
        if (a.directory)
            for (std::size_t i = 0; i < a.directory->children.size(); ++i)
                if (!same(a.directory->children[i], b.directory->children[i]))
                    return false;
        return true;
    }

private:
    std::unordered_map<const Inode *, const Inode *> forth_, back_;
};

} // namespace

bool FileTree::operator==(const FileTree &other) const
{
    if (root_->directory == other.root_->directory)
        return same_inode(root_->inode, other.root_->inode);
    return same_files(*root_, *other.root_) && LinkPairs{}.same(*root_, *other.root_);
}

} // namespace mica::layer
