#pragma once
/// @file
/// Which names of a tree stand for one inode.
#include "layer/tree_node.hh"
#include <string>
#include <unordered_map>
#include <vector>

namespace mica::layer {

/// The groups of hard links of a tree, directories apart.
class LinkGroups {
public:
    explicit LinkGroups(const Child &root);

    /// All names of the inode in path order; null if it has one only.
    [[nodiscard]] const std::vector<std::string> *names(const Inode *inode) const;
    /// The names of all groups, in no order.
    [[nodiscard]] std::vector<std::string> all_names() const;

private:
    std::unordered_map<const Inode *, std::vector<std::string>> groups_;
};

} // namespace mica::layer
