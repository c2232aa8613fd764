#include "exec/copy/destination.hh"

#include "base/error.hh"
#include "context/link_walk.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::exec {

using tar::FileType;

namespace {

/// Takes the first component off a path.
std::string_view take_component(std::string_view &path)
{
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    return name;
}

void check_name(std::string_view path)
{
    if (context::base_name(path).starts_with(".wh."))
        throw Error{ErrorKind::unsupported, fmt::format("\"/{}\" cannot be stored in an image", path)}
            .with_hint("a name that begins with \".wh.\" means in a layer that another file is removed; "
                       "rename or exclude it");
}

} // namespace

Destination::Place Destination::find(std::string_view path) const
{
    Place at{&root_, true};
    while (!path.empty() && at.node != nullptr) {
        const auto child = at.node->children.find(take_component(path));
        at.node = child == at.node->children.end() ? nullptr : &child->second;
        if (at.node != nullptr && at.node->hides_base)
            at.base_visible = false;
    }
    return at;
}

std::optional<FileType> Destination::type(std::string_view path) const
{
    const auto at = find(path);
    if (at.node != nullptr && at.node->file)
        return at.node->file->entry.type;
    const auto inode = at.base_visible ? base_(path) : nullptr;
    return inode ? std::optional{inode->type} : std::nullopt;
}

NewFilePtr Destination::made(std::string_view path) const
{
    const auto at = find(path);
    return at.node == nullptr ? nullptr : at.node->file;
}

std::optional<std::string> Destination::link_at(std::string_view path) const
{
    const auto at = find(path);
    if (at.node != nullptr && at.node->file) {
        const auto &entry = at.node->file->entry;
        return entry.type == FileType::symlink ? std::optional{entry.link_target} : std::nullopt;
    }
    const auto inode = at.base_visible ? base_(path) : nullptr;
    return inode && inode->type == FileType::symlink ? std::optional{inode->symlink} : std::nullopt;
}

std::string Destination::resolve(std::string_view path, bool follow_last, std::string_view root) const
{
    return context::join_path(root, context::follow_links(path, follow_last, [&](std::string_view below) {
                                  return link_at(context::join_path(root, below));
                              }));
}

Destination::Node &Destination::node_at(std::string_view path)
{
    Node *at = &root_;
    while (!path.empty())
        at = &at->children.try_emplace(std::string{take_component(path)}).first->second;
    return *at;
}

void Destination::make_directories(std::string_view path, const NewDirectory &like)
{
    const auto existing = type(path);
    if (existing == FileType::directory)
        return;
    if (existing)
        throw Error{ErrorKind::dockerfile, fmt::format("\"/{}\" is not a directory in the image", path)};
    make_directories(context::parent_path(path), like);
    auto directory = std::make_shared<NewFile>();
    directory->entry.type = FileType::directory;
    directory->entry.mode = like.mode;
    directory->entry.uid = like.uid;
    directory->entry.gid = like.gid;
    directory->entry.mtime = like.mtime;
    put(path, std::move(directory));
}

void Destination::put(std::string_view path, NewFilePtr file)
{
    check_name(path);
    const bool merged = file->entry.type == FileType::directory && is_directory(path);
    auto &node = node_at(path);
    if (!merged) {
        node.children.clear();
        node.hides_base = true;
    }
    node.file = std::move(file);
}

/// What is being written, and the first path of each file that has several.
struct Destination::Emission {
    std::vector<layer::Change> changes;
    std::map<const NewFile *, std::string> first_paths;
};

std::vector<layer::Change> Destination::changes() const
{
    Emission emission;
    emit({}, root_, emission);
    return std::move(emission.changes);
}

void Destination::emit(const std::string &path, const Node &node, Emission &emission) const
{
    if (node.file) {
        layer::Change change{layer::Change::Kind::upsert, node.file->entry, node.file->content};
        change.entry.path = path;
        if (change.entry.type == FileType::regular) {
            const auto [first, is_first] = emission.first_paths.emplace(node.file.get(), path);
            if (!is_first) {
                change.entry.type = FileType::hardlink;
                change.entry.link_target = first->second;
                change.entry.size = 0;
                change.content = nullptr;
            }
        }
        const bool is_directory = change.entry.type == FileType::directory;
        emission.changes.push_back(std::move(change));
        // Something stood between the base's directory and this one: nothing shines through.
        const auto below = node.hides_base && is_directory ? base_(path) : nullptr;
        if (below && below->type == FileType::directory) {
            tar::Entry mark;
            mark.path = path;
            emission.changes.push_back({layer::Change::Kind::opaque, std::move(mark), nullptr});
        }
    }
    for (const auto &[name, child] : node.children)
        emit(context::join_path(path, name), child, emission);
}

} // namespace mica::exec
