#include "base/error.hh"
#include "layer/path_lookup.hh"
#include "layer/tree_node.hh"
#include "tar/path.hh"
#include <fmt/format.h>

namespace mica::layer {

namespace {

/// As many as the kernel follows.
constexpr int max_links = 40;

void drop_leading_slashes(std::string_view &path)
{
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
}

} // namespace

PathLookup lookup_in(const FileTree &tree)
{
    return [&tree](std::string_view path) { return tree.find(path); };
}

std::string FileTree::resolve(std::string_view path, bool follow_last) const
{
    return resolve_path(lookup_in(*this), path, follow_last);
}

std::string resolve_path(const PathLookup &find, std::string_view path, bool follow_last)
{
    std::string rest{path};
    std::string at;
    int links = 0;
    while (true) {
        std::string_view ahead{rest};
        drop_leading_slashes(ahead);
        if (ahead.empty())
            return at;
        const std::string name{take_component(ahead)};
        drop_leading_slashes(ahead);
        rest = std::string{ahead};
        if (name == ".")
            continue;
        if (name == "..") {
            at = tar::parent_path(at);
            continue;
        }
        const std::string here = at.empty() ? name : at + "/" + name;
        const FileTree::InodePtr inode = find(here);
        const bool is_link = inode != nullptr && inode->type == tar::FileType::symlink;
        if (!is_link || (rest.empty() && !follow_last)) {
            at = here;
            continue;
        }
        if (++links > max_links)
            throw Error{ErrorKind::io, fmt::format("'{}': too many levels of symbolic links", path)};
        if (inode->symlink.starts_with('/'))
            at.clear();
        rest = inode->symlink + "/" + rest;
    }
}

} // namespace mica::layer
