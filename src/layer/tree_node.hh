#pragma once
/// @file
/// The nodes of a FileTree, for the files that implement it.
#include "layer/file_tree.hh"
#include "layer/shared_node.hh"
#include <string>
#include <string_view>
#include <vector>

namespace mica::layer {

struct Directory;
using DirectoryPtr = SharedNode<Directory>;

/// A name in a directory.
struct Child {
    std::string name;
    FileTree::InodePtr inode;
    DirectoryPtr directory; ///< what is in it; null unless a directory with content
};

/// The names in a directory, sorted bytewise.
struct Directory : DirectoryPtr::Base {
    std::vector<Child> children;

    [[nodiscard]] const Child *find(std::string_view name) const;
    /// The child of that name, made (with no inode yet) if need be.
    [[nodiscard]] Child &at(std::string_view name);
    void erase(std::string_view name);
};

/// A tree is a child without a name: the root's inode, and what is below.
struct FileTree::Node : Child {};

[[nodiscard]] inline bool is_directory(const FileTree::InodePtr &inode)
{
    return inode->type == tar::FileType::directory;
}

/// Same metadata and the same origin of bytes.
[[nodiscard]] bool same_inode(const FileTree::InodePtr &a, const FileTree::InodePtr &b);

/// Metadata of an entry that is no hard link, as layer number `layer` has it.
[[nodiscard]] FileTree::InodePtr make_inode(const tar::Entry &entry, std::uint32_t layer);

/// What a directory that nobody described looks like: 0755 0:0, time zero.
[[nodiscard]] FileTree::InodePtr implied_directory();

/// The content for changing; made if there is none.
[[nodiscard]] Directory &own_content(Child &child);

/// Exactly this path below `from`; null if there is nothing.
[[nodiscard]] const Child *find_child(const Child &from, std::string_view path);

/// The inode that a hard link joins; throws Error (integrity) if `target` is null or
/// a directory.
[[nodiscard]] FileTree::InodePtr link_target(const tar::Entry &link, const Child *target);

/// Throws Error (integrity) for what no layer can say: that the root is gone, or is
/// no directory.
void check_change(const Change &change);

/// Takes the first component off the front of `path`.
[[nodiscard]] std::string_view take_component(std::string_view &path);

} // namespace mica::layer
