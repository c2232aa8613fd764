#include "trees.hh"

#include <fmt/format.h>
#include <map>

namespace mica::layer::test {

FileTree tree_of(const std::vector<std::vector<Change>> &layers)
{
    FileTree tree;
    std::uint32_t number = 0;
    for (const auto &changes : layers) {
        ChangeList list{changes};
        tree.apply_layer(list, number++, {});
    }
    return tree;
}

std::vector<std::string> summary(const std::vector<Change> &changes)
{
    std::vector<std::string> lines;
    for (const Change &change : changes) {
        const auto &entry = change.entry;
        const char sign = change.kind == Change::Kind::upsert   ? '+'
                          : change.kind == Change::Kind::remove ? '-'
                                                                : '!';
        lines.push_back(sign + entry.path);
        if (sign == '+' && entry.type == tar::FileType::hardlink)
            lines.back() += "=" + entry.link_target;
    }
    return lines;
}

std::vector<std::string> describe(const FileTree &tree)
{
    std::vector<std::string> lines;
    std::map<const Inode *, std::string> first_name;
    tree.walk([&](const std::string &path, const FileTree::InodePtr &inode) {
        std::string line = fmt::format("{} t{} {:o} {}:{} s{} m{} '{}' {},{}", path,
                                       static_cast<int>(inode->type), inode->mode, inode->uid, inode->gid,
                                       inode->size, inode->mtime.time_since_epoch().count(), inode->symlink,
                                       inode->device_major, inode->device_minor);
        for (const auto &[name, value] : inode->xattrs)
            line += fmt::format(" {}={}", name, value);
        if (inode->type != tar::FileType::directory)
            line += " first=" + first_name.emplace(inode.get(), path).first->second;
        lines.push_back(std::move(line));
    });
    return lines;
}

std::string RandomTrees::any_path()
{
    static const std::vector<std::string> names{"a", "b", "a.b", "c", "\xff", "d-e"};
    std::string path = names[below(static_cast<unsigned>(names.size()))];
    for (unsigned depth = below(4); depth > 0; --depth)
        path += "/" + names[below(static_cast<unsigned>(names.size()))];
    return path;
}

Change RandomTrees::any_entry(std::string path)
{
    using tar::FileType;
    static constexpr FileType types[]{FileType::regular,     FileType::regular,      FileType::regular,
                                      FileType::directory,   FileType::directory,    FileType::symlink,
                                      FileType::char_device, FileType::block_device, FileType::fifo};
    Change change{Change::Kind::upsert, {}, nullptr};
    auto &entry = change.entry;
    entry.path = std::move(path);
    entry.type = types[below(std::size(types))];
    entry.mode = below(2) != 0 ? 0644 : 04755;
    entry.uid = below(3);
    entry.gid = below(2);
    entry.mtime = from_unix(below(2));
    if (entry.type == FileType::regular && below(4) != 0)
        entry.size = below(5);
    if (entry.size != 0)
        change.content = std::make_shared<StringContent>(std::string(entry.size, 'x'));
    if (entry.type == FileType::symlink)
        entry.link_target = below(2) != 0 ? "a" : "../c";
    if (entry.type == FileType::char_device || entry.type == FileType::block_device)
        entry.device_minor = below(2);
    if (below(4) == 0)
        entry.xattrs["user.x"] = std::string(1, static_cast<char>(below(2)));
    return change;
}

std::string RandomTrees::existing(const FileTree &tree, bool with_directories)
{
    std::vector<std::string> paths;
    tree.walk([&](const std::string &path, const FileTree::InodePtr &inode) {
        if (!path.empty() && (with_directories || inode->type != tar::FileType::directory))
            paths.push_back(path);
    });
    return paths.empty() ? std::string{} : paths[below(static_cast<unsigned>(paths.size()))];
}

/// As chmod or chown: all names of an inode change together. A regular file whose metadata
/// change comes with its bytes, so its origin changes as well.
void RandomTrees::change_metadata(FileTree &tree, std::uint32_t layer)
{
    const std::string path = existing(tree, true);
    const auto inode = path.empty() ? nullptr : tree.find(path);
    if (inode == nullptr)
        return;
    std::vector<std::string> names;
    tree.walk([&](const std::string &name, const FileTree::InodePtr &at) {
        if (at == inode)
            names.push_back(name);
    });
    Change change = directory(names.front(), 0700 + below(8));
    change.entry.type = inode->type;
    change.entry.size = inode->size;
    change.entry.link_target = inode->symlink;
    change.entry.device_minor = inode->device_minor;
    tree.apply(change, layer);
    for (std::size_t i = 1; i < names.size(); ++i)
        tree.apply(hardlink(names[i], names.front()), layer);
}

/// Many names in one directory, or as many gone from it: opaque marks pay.
void RandomTrees::crowd(FileTree &tree, std::uint32_t layer)
{
    const std::string path = existing(tree, true);
    const auto inode = tree.find(path);
    if (inode->type != tar::FileType::directory)
        return;
    if (tree.children(path).size() > 12) {
        for (const auto &name : tree.children(path))
            if (below(8) != 0)
                tree.apply(removal(path.empty() ? name : path + "/" + name), layer);
        return;
    }
    for (int i = 0; i < 24; ++i)
        tree.apply(any_entry(fmt::format("{}{}n{:02}", path, path.empty() ? "" : "/", i)), layer);
}

void RandomTrees::edit_once(FileTree &tree, std::uint32_t layer)
{
    switch (below(12)) {
    case 0:
    case 1:
    case 2:
        return tree.apply(any_entry(any_path()), layer);
    case 3:
    case 4:
        if (const auto path = existing(tree, true); !path.empty())
            tree.apply(removal(path), layer);
        return;
    case 5:
    case 6: {
        const auto target = existing(tree, false);
        const auto path = any_path();
        if (!target.empty())
            tree.apply(hardlink(path, target), layer);
        return;
    }
    case 7:
        return change_metadata(tree, layer);
    case 8:
        if (const auto path = existing(tree, true);
            !path.empty() && tree.find(path)->type == tar::FileType::directory)
            tree.apply(opaque(path), layer);
        return;
    case 9:
        return crowd(tree, layer);
    default:
        return tree.apply(any_entry(any_path()), layer);
    }
}

void RandomTrees::edit(FileTree &tree, std::uint32_t layer, int edits)
{
    for (int i = 0; i < edits; ++i)
        edit_once(tree, layer);
}

} // namespace mica::layer::test
