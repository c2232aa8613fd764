#include "layer/link_groups.hh"
#include "layer/tree_node.hh"
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

// How two trees become a layer.
//
// Both trees are walked side by side in path order. A directory that is the same node in
// both is skipped at once, since trees share the nodes that nobody changed. Otherwise a name is
// gone (one removal, for the whole of what was below), new or different (an upsert), or
// the same (nothing). Two matters are not decided by looking at one name:
//
// Hard links. A layer cannot say "link this to a file of a lower layer": it must bring
// the file itself, since each layer may be unpacked alone. So a group of names is
// either left alone or brought as a whole: the first name in path order with the bytes,
// the others as links to it. It may be left alone if applying the layer leaves exactly
// its names on an unchanged inode:
//   - each of its names was a name of one and the same old inode, with equal metadata
//     and bytes;
//   - no other group lives on from the same old inode. {a, b} that became {a} and {b},
//     equal but no longer linked: the first keeps the old inode, the second is brought anew.
// The old inode may have had further names. In the new tree those are gone, or belong to a
// group that is not left alone; either way the layer takes them off the inode. All this
// is decided before the walk: a new link may bring a file from the midst of a directory
// that is otherwise unchanged, and so to be skipped.
//
// Opaque directories. The image-spec asks writers to prefer explicit whiteouts, so the
// mark is used only where it is a large saving and costs nothing: many names went from the
// directory, and of those that remain none is left as it was (all that the directory
// holds now is in the layer anyway), nor is one of them a directory before and after.

namespace mica::layer {

namespace {

/// Removals in one directory from which an opaque mark may stand for them.
constexpr std::size_t opaque_threshold = 16;

class TreeDiff {
public:
    TreeDiff(const Child &from, const Child &to) : from_{from}, old_groups_{from}, new_groups_{to} {}

    std::vector<Change> run(const Child &to)
    {
        decide_groups(to);
        compare(&from_, to);
        return std::move(changes_);
    }

private:
    void decide_groups(const Child &to);
    [[nodiscard]] bool has_new_links_below() const;
    void compare(const Child *old, const Child &now);
    void compare_children(const Directory *old, const Directory *now);
    void compare_names(const Directory &old, const Directory &now);
    void add_file(const Child &now);
    [[nodiscard]] bool is_kept(const Child *old, const Child &now);
    [[nodiscard]] bool group_is_kept(const std::vector<std::string> &names, const FileTree::InodePtr &inode);
    [[nodiscard]] bool is_worth_opaque(const Directory &old, const Directory *now);
    void push(Change::Kind kind)
    {
        Change change{kind, {}, nullptr};
        change.entry.path = path_;
        changes_.push_back(std::move(change));
    }

    /// Runs `body` with the path one name longer.
    template <class Body> void below(const std::string &name, const Body &body)
    {
        const std::size_t length = path_.size();
        if (length != 0)
            path_ += '/';
        path_ += name;
        body();
        path_.resize(length);
    }

    const Child &from_;
    LinkGroups old_groups_, new_groups_;
    std::unordered_map<const Inode *, bool> kept_;           ///< decisions on groups of the new tree
    std::unordered_map<const Inode *, const Inode *> heirs_; ///< old inode of a group → new one that lives on
    std::vector<std::string> new_links_; ///< names whose group is brought anew, in path order
    std::string path_;
    std::vector<Change> changes_;
};

/// `old` is what stood at this path (null: nothing, or nothing that counts).
void TreeDiff::compare(const Child *old, const Child &now)
{
    if (!is_directory(now.inode)) {
        if (!is_kept(old, now))
            add_file(now);
        return;
    }
    const bool over_directory = old != nullptr && is_directory(old->inode);
    if (!over_directory || !same_inode(old->inode, now.inode))
        changes_.push_back({Change::Kind::upsert, entry_of(path_, *now.inode), nullptr});
    compare_children(over_directory ? old->directory.get() : nullptr, now.directory.get());
}

/// Looks at every name that is or was one of several, in path order, so that which of
/// several groups lives on from an old inode does not depend on what is skipped.
void TreeDiff::decide_groups(const Child &to)
{
    std::vector<std::string> names = old_groups_.all_names();
    for (std::string &name : new_groups_.all_names())
        names.push_back(std::move(name));
    std::sort(names.begin(), names.end(), path_less);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (std::string &name : names) {
        const Child *now = find_child(to, name);
        if (now == nullptr || is_directory(now->inode))
            continue;
        path_ = name;
        if (!is_kept(find_child(from_, name), *now))
            new_links_.push_back(std::move(name));
    }
    path_.clear();
}

bool TreeDiff::has_new_links_below() const
{
    const auto next = std::upper_bound(new_links_.begin(), new_links_.end(), path_, path_less);
    return next != new_links_.end() && (path_.empty() || next->starts_with(path_ + "/"));
}

void TreeDiff::compare_children(const Directory *old, const Directory *now)
{
    const Directory nothing;
    if (old == now && !has_new_links_below())
        return;
    if (old != nullptr && is_worth_opaque(*old, now)) {
        push(Change::Kind::opaque);
        old = nullptr;
    }
    compare_names(old != nullptr ? *old : nothing, now != nullptr ? *now : nothing);
}

/// Merges two sorted lists of names.
void TreeDiff::compare_names(const Directory &old, const Directory &now)
{
    auto at = old.children.begin();
    const auto remove_before = [&](const std::string *name) {
        for (; at != old.children.end() && (name == nullptr || at->name < *name); ++at)
            below(at->name, [&] { push(Change::Kind::remove); });
    };
    for (const Child &child : now.children) {
        remove_before(&child.name);
        const bool in_both = at != old.children.end() && at->name == child.name;
        below(child.name, [&] { compare(in_both ? &*at : nullptr, child); });
        if (in_both)
            ++at;
    }
    remove_before(nullptr);
}

void TreeDiff::add_file(const Child &now)
{
    tar::Entry entry = entry_of(path_, *now.inode);
    const auto *names = new_groups_.names(now.inode.get());
    if (names != nullptr && names->front() != path_) {
        entry.type = tar::FileType::hardlink;
        entry.size = 0;
        entry.link_target = names->front();
    }
    changes_.push_back({Change::Kind::upsert, std::move(entry), nullptr});
}

bool TreeDiff::is_kept(const Child *old, const Child &now)
{
    if (old == nullptr || !same_inode(old->inode, now.inode))
        return false;
    const auto *names = new_groups_.names(now.inode.get());
    if (names == nullptr && old_groups_.names(old->inode.get()) == nullptr)
        return true;
    if (const auto known = kept_.find(now.inode.get()); known != kept_.end())
        return known->second;
    const bool kept = names != nullptr ? group_is_kept(*names, now.inode) : group_is_kept({path_}, now.inode);
    return kept_.emplace(now.inode.get(), kept).first->second;
}

bool TreeDiff::group_is_kept(const std::vector<std::string> &names, const FileTree::InodePtr &inode)
{
    const Child *first = find_child(from_, names.front());
    if (first == nullptr || !same_inode(first->inode, inode))
        return false;
    for (const std::string &name : names) {
        const Child *old = find_child(from_, name);
        if (old == nullptr || old->inode != first->inode)
            return false;
    }
    return heirs_.emplace(first->inode.get(), inode.get()).first->second == inode.get();
}

bool TreeDiff::is_worth_opaque(const Directory &old, const Directory *now)
{
    if (old.children.size() < opaque_threshold)
        return false;
    std::size_t gone = 0;
    for (const Child &child : old.children)
        gone += now == nullptr || now->find(child.name) == nullptr;
    if (gone < opaque_threshold)
        return false;
    if (now == nullptr)
        return true;
    return std::none_of(now->children.begin(), now->children.end(), [&](const Child &child) {
        const Child *before = old.find(child.name);
        if (before == nullptr)
            return false;
        if (is_directory(child.inode))
            return is_directory(before->inode);
        bool kept = false;
        below(child.name, [&] { kept = is_kept(before, child); });
        return kept;
    });
}

} // namespace

std::vector<Change> diff(const FileTree &from, const FileTree &to)
{
    return TreeDiff{*from.root_, *to.root_}.run(*to.root_);
}

} // namespace mica::layer
