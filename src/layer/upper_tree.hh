#pragma once
/// @file
/// One layer's changes as a tree of their own, to be laid over what is below.
#include "layer/tree_node.hh"
#include "layer/upper_node.hh"
#include <cstdint>
#include <string>
#include <vector>

namespace mica::layer {

// Why a layer is gathered before it is applied: the image-spec lets a whiteout act on
// the layers below only, wherever in the archive it stands. "a" followed by ".wh.a" must
// leave the new a. So the changes go into an upper tree as an overlay mount has one,
// with whiteout and opaque as marks on its nodes, and merging upper and lower does
// not depend on the order in which marks and files came. Among the entries of the
// layer themselves the later wins, as for tar.
class UpperTree {
public:
    explicit UpperTree(std::uint32_t layer) : layer_{layer} {}

    void add(const Change &change);
    /// The merged root. Throws Error (integrity) for a hard link to nothing.
    [[nodiscard]] Child merge_onto(const Child &lower_root) &&;

private:
    using Node = UpperNode;

    /// A hard link whose target was not known when it came.
    struct OpenLink {
        tar::Entry link;
        FileTree::InodePtr placeholder;
    };

    [[nodiscard]] Node &node_at(std::string_view path, bool to_exist);
    [[nodiscard]] Node *find(std::string_view path);
    void add_upsert(const tar::Entry &entry);
    void close_links(const Child &lower_root);
    [[nodiscard]] bool close_link(const OpenLink &open, const Child &lower_root);
    [[nodiscard]] static bool is_placeholder(const FileTree::InodePtr &inode);
    [[nodiscard]] static bool merge(const Child *lower, Node &upper, Child &result);
    [[nodiscard]] static DirectoryPtr merge_children(const Directory *lower, Node &upper);

    std::uint32_t layer_;
    Node root_;
    std::vector<OpenLink> open_links_;
};

} // namespace mica::layer
