#pragma once
/// @file
/// Trees and changes for the tests of layers: by hand and at random.
#include "layer/change.hh"
#include "layer/file_tree.hh"
#include <random>
#include <string>
#include <vector>

namespace mica::layer::test {

inline Change file(std::string path, std::string bytes = {}, std::uint32_t mode = 0644)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    change.entry.path = std::move(path);
    change.entry.type = tar::FileType::regular;
    change.entry.mode = mode;
    change.entry.size = bytes.size();
    if (!bytes.empty())
        change.content = std::make_shared<StringContent>(std::move(bytes));
    return change;
}

inline Change directory(std::string path, std::uint32_t mode = 0755)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    change.entry.path = std::move(path);
    change.entry.type = tar::FileType::directory;
    change.entry.mode = mode;
    return change;
}

inline Change link(tar::FileType type, std::string path, std::string target)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    change.entry.path = std::move(path);
    change.entry.type = type;
    change.entry.mode = 0777;
    change.entry.link_target = std::move(target);
    return change;
}

inline Change symlink(std::string path, std::string target)
{
    return link(tar::FileType::symlink, std::move(path), std::move(target));
}

inline Change hardlink(std::string path, std::string target)
{
    return link(tar::FileType::hardlink, std::move(path), std::move(target));
}

inline Change mark(Change::Kind kind, std::string path)
{
    Change change{kind, {}, nullptr};
    change.entry.path = std::move(path);
    return change;
}

inline Change removal(std::string path)
{
    return mark(Change::Kind::remove, std::move(path));
}

inline Change opaque(std::string path)
{
    return mark(Change::Kind::opaque, std::move(path));
}

/// The tree of these layers, one above the other.
FileTree tree_of(const std::vector<std::vector<Change>> &layers);

/// "+a", "-b", "!c" (opaque), "+d=a" (hard link), in the order of the list.
std::vector<std::string> summary(const std::vector<Change> &changes);

/// A tree as lines of text, with everything but the origin of bytes: for messages
/// and for comparisons that do not use the code under test.
std::vector<std::string> describe(const FileTree &tree);

/// Random trees, small and crowded: few names, so that edits hit the same paths again.
class RandomTrees {
public:
    explicit RandomTrees(std::uint32_t seed) : random_{seed} {}

    /// `edits` random edits, made as layer number `layer`.
    void edit(FileTree &tree, std::uint32_t layer, int edits);
    /// Any entry that can be upserted at `path` (no hard link).
    Change any_entry(std::string path);
    std::string any_path();
    unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>{0, limit - 1}(random_); }

private:
    void edit_once(FileTree &tree, std::uint32_t layer);
    std::string existing(const FileTree &tree, bool with_directories);
    void change_metadata(FileTree &tree, std::uint32_t layer);
    void crowd(FileTree &tree, std::uint32_t layer);

    std::mt19937 random_;
};

} // namespace mica::layer::test
