#include "layer/file_tree.hh"

#include "layer/tree_node.hh"
#include "layer/upper_tree.hh"
#include <utility>

namespace mica::layer {

namespace {

using Visit = std::function<void(const std::string &, const FileTree::InodePtr &)>;

void walk_child(const Child &child, std::string &path, const Visit &visit)
{
    visit(path, child.inode);
    if (!child.directory)
        return;
    const std::size_t length = path.size();
    for (const Child &below : child.directory->children) {
        if (!path.empty())
            path += '/';
        path += below.name;
        walk_child(below, path, visit);
        path.resize(length);
    }
}

std::size_t count_below(const Child &child)
{
    std::size_t count = 0;
    if (child.directory)
        for (const Child &below : child.directory->children)
            count += 1 + count_below(below);
    return count;
}

/// The child at `path` for changing, with all directories above it. What is in
/// the way and no directory is replaced by one, as an overlay mount shows it.
Child &make_path(Child &root, std::string_view path)
{
    Child *at = &root;
    while (!path.empty()) {
        if (at->inode == nullptr || !is_directory(at->inode))
            at->inode = implied_directory();
        at = &own_content(*at).at(take_component(path));
    }
    return *at;
}

void remove_path(Child &root, std::string_view path)
{
    if (find_child(root, path) == nullptr)
        return;
    Child *at = &root;
    for (std::string_view rest = path; !rest.empty();) {
        const auto name = take_component(rest);
        Directory &directory = own_content(*at);
        if (!rest.empty()) {
            at = &directory.at(name);
            continue;
        }
        directory.erase(name);
        if (directory.children.empty())
            at->directory = {};
    }
}

} // namespace

tar::Entry entry_of(std::string path, const Inode &inode)
{
    return {.path = std::move(path),
            .type = inode.type,
            .mode = inode.mode,
            .uid = inode.uid,
            .gid = inode.gid,
            .size = inode.size,
            .mtime = inode.mtime,
            .link_target = inode.symlink,
            .xattrs = inode.xattrs,
            .device_major = inode.device_major,
            .device_minor = inode.device_minor};
}

FileTree::FileTree() : root_{std::make_unique<Node>()}
{
    root_->inode = implied_directory();
}

FileTree::~FileTree() = default;
FileTree::FileTree(const FileTree &other) : root_{std::make_unique<Node>(*other.root_)} {}
FileTree::FileTree(FileTree &&) noexcept = default;
FileTree &FileTree::operator=(FileTree &&) noexcept = default;
FileTree &FileTree::operator=(const FileTree &other)
{
    root_ = std::make_unique<Node>(*other.root_);
    return *this;
}

FileTree::InodePtr FileTree::find(std::string_view path) const
{
    const Child *found = find_child(*root_, path);
    return found != nullptr ? found->inode : nullptr;
}

std::vector<std::string> FileTree::children(std::string_view path) const
{
    std::vector<std::string> names;
    const Child *found = find_child(*root_, path);
    if (found != nullptr && found->directory)
        for (const Child &child : found->directory->children)
            names.push_back(child.name);
    return names;
}

void FileTree::walk(const Visit &visit) const
{
    walk({}, visit);
}

void FileTree::walk(std::string_view from, const Visit &visit) const
{
    std::string path{from};
    if (const Child *start = find_child(*root_, from))
        walk_child(*start, path, visit);
}

std::size_t FileTree::size() const
{
    return 1 + count_below(*root_);
}

void FileTree::apply(const Change &change, std::uint32_t layer)
{
    const tar::Entry &entry = change.entry;
    check_change(change);
    if (change.kind == Change::Kind::remove)
        return remove_path(*root_, entry.path);
    if (change.kind == Change::Kind::opaque) {
        Child &child = make_path(*root_, entry.path);
        if (child.inode == nullptr || !is_directory(child.inode))
            child.inode = implied_directory();
        child.directory = {};
        return;
    }
    // Before the path is made: the target may be what is in the way.
    auto inode = entry.type == tar::FileType::hardlink
                     ? link_target(entry, find_child(*root_, entry.link_target))
                     : make_inode(entry, layer);
    Child &child = make_path(*root_, entry.path);
    child.inode = std::move(inode);
    if (!is_directory(child.inode))
        child.directory = {};
}

void FileTree::apply_layer(ChangeSource &changes, std::uint32_t layer, const std::stop_token &stop)
{
    UpperTree upper{layer};
    changes.visit([&](const Change &change) { upper.add(change); }, stop);
    static_cast<Child &>(*root_) = std::move(upper).merge_onto(*root_);
}

} // namespace mica::layer
