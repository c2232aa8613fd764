#include "context/memory_tree.hh"

#include "base/error.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::context {

using tar::FileType;

MemoryTree::MemoryTree(std::string name) : name_{std::move(name)}
{
    make_directory("");
}

void MemoryTree::make_directory(const std::string &path)
{
    tar::Entry entry;
    entry.path = path;
    entry.type = FileType::directory;
    entry.mode = 0755;
    auto file = std::make_shared<File>(File{std::move(entry), nullptr, false, 0});
    if (path.empty())
        nodes_[path] = Node{std::move(file), {}};
    else
        place(path, std::move(file));
}

void MemoryTree::remove_below(const std::string &path)
{
    const auto below = path + "/";
    auto at = nodes_.lower_bound(below);
    while (at != nodes_.end() && at->first.starts_with(below))
        at = nodes_.erase(at);
}

void MemoryTree::place(const std::string &path, FilePtr file)
{
    const std::string parent{parent_path(path)};
    const auto *const above = node(parent);
    if (above == nullptr)
        make_directory(parent);
    else if (above->file->entry.type != FileType::directory)
        throw Error{ErrorKind::integrity, fmt::format("\"{}\" of {} lies below \"{}\", which is no directory",
                                                      path, name_, parent)};
    nodes_.find(parent)->second.children.emplace(base_name(path));
    auto &node = nodes_[path];
    if (file->entry.type != FileType::directory && !node.children.empty()) {
        remove_below(path);
        node.children.clear();
    }
    node.file = std::move(file);
}

void MemoryTree::put(tar::Entry entry, ContentPtr content)
{
    const auto path = entry.path;
    entry.uid = entry.gid = 0; // a context's owners mean nothing
    auto file = std::make_shared<File>(File{std::move(entry), std::move(content), false, ++last_id_});
    if (path.empty())
        nodes_.find("")->second.file = std::move(file);
    else
        place(path, std::move(file));
}

bool MemoryTree::link(const std::string &path, const std::string &target)
{
    const auto *const found = node(target);
    if (found == nullptr || found->file->entry.type == FileType::directory)
        return false;
    auto file = found->file; // place() may drop the node
    file->has_links = true;
    if (path != target)
        place(path, std::move(file));
    return true;
}

const MemoryTree::Node *MemoryTree::node(std::string_view path) const
{
    const auto found = nodes_.find(path);
    return found == nodes_.end() ? nullptr : &found->second;
}

std::optional<tar::Entry> MemoryTree::find(std::string_view path) const
{
    const auto *const found = node(path);
    if (found == nullptr)
        return std::nullopt;
    auto entry = found->file->entry;
    entry.path = path;
    return entry;
}

std::vector<std::string> MemoryTree::list(std::string_view path) const
{
    const auto *const found = node(path);
    if (found == nullptr)
        return {};
    return {found->children.begin(), found->children.end()};
}

ContentPtr MemoryTree::content(std::string_view path) const
{
    const auto *const found = node(path);
    if (found == nullptr || found->file->entry.type != FileType::regular)
        throw Error{ErrorKind::not_found, fmt::format("\"{}\" is no file of {}", path, name_)};
    if (!found->file->content)
        return std::make_shared<StringContent>("");
    return found->file->content;
}

std::uint64_t MemoryTree::link_id(std::string_view path) const
{
    const auto *const found = node(path);
    return found != nullptr && found->file->has_links ? found->file->id : 0;
}

} // namespace mica::context
