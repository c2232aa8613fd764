#include "layer/tree_node.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace mica::layer {

namespace {

template <class Children> auto lower_bound(Children &children, std::string_view name)
{
    return std::lower_bound(
        children.begin(), children.end(), name,
        [](const Child &child, std::string_view wanted) { return child.name.compare(wanted) < 0; });
}

} // namespace

const Child *Directory::find(std::string_view name) const
{
    const auto found = lower_bound(children, name);
    return found != children.end() && found->name == name ? &*found : nullptr;
}

Child &Directory::at(std::string_view name)
{
    auto found = lower_bound(children, name);
    if (found == children.end() || found->name != name)
        found = children.insert(found, Child{std::string{name}, nullptr, {}});
    return *found;
}

void Directory::erase(std::string_view name)
{
    const auto found = lower_bound(children, name);
    if (found != children.end() && found->name == name)
        children.erase(found);
}

bool same_inode(const FileTree::InodePtr &a, const FileTree::InodePtr &b)
{
    if (a == b)
        return true;
    const auto parts = [](const Inode &i) {
        return std::tie(i.type, i.mode, i.uid, i.gid, i.size, i.mtime, i.symlink, i.xattrs, i.device_major,
                        i.device_minor);
    };
    if (parts(*a) != parts(*b))
        return false;
    // Only a regular file has bytes that lie somewhere.
    return a->type != tar::FileType::regular ||
           (a->layer == b->layer && a->path_in_layer == b->path_in_layer);
}

FileTree::InodePtr make_inode(const tar::Entry &entry, std::uint32_t layer)
{
    auto inode = std::make_shared<Inode>();
    inode->type = entry.type;
    inode->mode = entry.mode;
    inode->uid = entry.uid;
    inode->gid = entry.gid;
    inode->mtime = entry.mtime;
    inode->xattrs = entry.xattrs;
    if (entry.type == tar::FileType::symlink)
        inode->symlink = entry.link_target;
    if (entry.type == tar::FileType::char_device || entry.type == tar::FileType::block_device) {
        inode->device_major = entry.device_major;
        inode->device_minor = entry.device_minor;
    }
    if (entry.type == tar::FileType::regular) {
        inode->size = entry.size;
        inode->layer = layer;
        inode->path_in_layer = entry.path;
    }
    return inode;
}

FileTree::InodePtr implied_directory()
{
    auto inode = std::make_shared<Inode>();
    inode->type = tar::FileType::directory;
    inode->mode = 0755;
    return inode;
}

Directory &own_content(Child &child)
{
    if (!child.directory)
        child.directory = DirectoryPtr{new Directory};
    return child.directory.own();
}

const Child *find_child(const Child &from, std::string_view path)
{
    const Child *at = &from;
    while (!path.empty() && at != nullptr)
        at = at->directory ? at->directory->find(take_component(path)) : nullptr;
    return at;
}

FileTree::InodePtr link_target(const tar::Entry &link, const Child *target)
{
    if (target != nullptr && !is_directory(target->inode))
        return target->inode;
    throw Error{ErrorKind::integrity,
                fmt::format("the hard link '{}' points to '{}', which {}", link.path, link.link_target,
                            target == nullptr ? "does not exist" : "is a directory")};
}

void check_change(const Change &change)
{
    if (!change.entry.path.empty())
        return;
    if (change.kind == Change::Kind::remove)
        throw Error{ErrorKind::integrity, "a layer removes the root directory"};
    if (change.kind == Change::Kind::upsert && change.entry.type != tar::FileType::directory)
        throw Error{ErrorKind::integrity, "a layer makes the root directory something else"};
}

std::string_view take_component(std::string_view &path)
{
    const auto slash = path.find('/');
    const auto component = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return component;
}

} // namespace mica::layer
