// The law of the layers: what diff() says about two trees makes the one out of the other.
#include "layer/file_tree.hh"
#include "trees.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

namespace mica::layer::test {

namespace {

constexpr std::uint32_t seeds = 1000;

FileTree applied(const FileTree &from, std::vector<Change> changes)
{
    FileTree tree = from;
    ChangeList list{std::move(changes)};
    tree.apply_layer(list, 1, {});
    return tree;
}

struct Case {
    std::uint32_t seed;
    FileTree from, to;
    std::vector<Change> changes;
    FileTree result;
};

Case make_case(std::uint32_t seed)
{
    RandomTrees random{seed};
    FileTree from;
    random.edit(from, 0, static_cast<int>(random.below(30)));
    // Now and then the second tree has nothing of the first.
    FileTree to = random.below(16) == 0 ? FileTree{} : from;
    random.edit(to, 1, static_cast<int>(random.below(20)));
    auto changes = diff(from, to);
    FileTree result = applied(from, changes);
    return {seed, std::move(from), std::move(to), std::move(changes), std::move(result)};
}

/// Made once for all tests: making them takes longer than any test.
const std::vector<Case> &cases()
{
    static const std::vector<Case> made = [] {
        std::vector<Case> list;
        for (std::uint32_t seed = 0; seed < seeds; ++seed)
            list.push_back(make_case(seed));
        return list;
    }();
    return made;
}

/// Files that the layer brings lie in it under the first of their names; all others
/// where they lay before.
bool origins_are_right(const FileTree &result, const FileTree &wanted, const std::vector<Change> &changes)
{
    std::set<std::string> brought;
    for (const Change &change : changes)
        if (change.kind == Change::Kind::upsert)
            brought.insert(change.entry.path);
    std::map<const Inode *, std::string> first_name;
    bool right = true;
    result.walk([&](const std::string &path, const FileTree::InodePtr &inode) {
        if (inode->type != tar::FileType::regular)
            return;
        const auto &first = first_name.emplace(inode.get(), path).first->second;
        const auto old = wanted.find(path);
        right &= brought.contains(path)
                     ? inode->layer == 1 && inode->path_in_layer == first
                     : inode->layer == old->layer && inode->path_in_layer == old->path_in_layer;
    });
    return right;
}

} // namespace

BOOST_AUTO_TEST_SUITE(diff_property)

BOOST_AUTO_TEST_CASE(the_changes_of_two_trees_make_one_out_of_the_other)
{
    for (const Case &c : cases())
        BOOST_REQUIRE_MESSAGE(describe(c.result) == describe(c.to), "seed " << c.seed);
}

BOOST_AUTO_TEST_CASE(the_bytes_lie_where_the_layer_put_them)
{
    for (const Case &c : cases())
        BOOST_REQUIRE_MESSAGE(origins_are_right(c.result, c.to, c.changes), "seed " << c.seed);
}

BOOST_AUTO_TEST_CASE(equal_trees_have_no_changes)
{
    for (const Case &c : cases())
        BOOST_REQUIRE_MESSAGE(diff(c.result, c.result).empty(), "seed " << c.seed);
}

BOOST_AUTO_TEST_CASE(applying_the_changes_one_by_one_is_the_same_as_applying_the_layer)
{
    for (const Case &c : cases()) {
        FileTree one_by_one = c.from;
        for (const Change &change : c.changes)
            one_by_one.apply(change, 1);
        BOOST_REQUIRE_MESSAGE(one_by_one == c.result, "seed " << c.seed);
    }
}

BOOST_AUTO_TEST_CASE(the_order_within_a_layer_does_not_matter)
{
    for (const Case &c : cases()) {
        auto changes = c.changes;
        std::reverse(changes.begin(), changes.end());
        BOOST_REQUIRE_MESSAGE(applied(c.from, changes) == c.result, "seed " << c.seed);
    }
}

BOOST_AUTO_TEST_CASE(changes_come_in_path_order)
{
    const auto before = [](const Change &a, const Change &b) {
        return path_less(a.entry.path, b.entry.path);
    };
    for (const Case &c : cases())
        BOOST_REQUIRE_MESSAGE(std::is_sorted(c.changes.begin(), c.changes.end(), before), "seed " << c.seed);
}

BOOST_AUTO_TEST_CASE(a_hard_link_follows_a_file_of_the_same_layer)
{
    for (const Case &c : cases()) {
        std::set<std::string> files;
        for (const Change &change : c.changes) {
            if (change.kind != Change::Kind::upsert)
                continue;
            if (change.entry.type != tar::FileType::hardlink)
                files.insert(change.entry.path);
            else
                BOOST_REQUIRE_MESSAGE(files.contains(change.entry.link_target), "seed " << c.seed);
        }
    }
}

BOOST_AUTO_TEST_CASE(equality_tells_trees_apart_exactly_when_they_differ)
{
    const auto origins = [](const FileTree &tree) {
        std::vector<std::string> lines;
        tree.walk([&](const std::string &, const FileTree::InodePtr &inode) {
            if (inode->type == tar::FileType::regular)
                lines.push_back(std::to_string(inode->layer) + inode->path_in_layer);
        });
        return lines;
    };
    for (const Case &c : cases()) {
        const bool same = describe(c.from) == describe(c.to) && origins(c.from) == origins(c.to);
        BOOST_REQUIRE_MESSAGE((c.from == c.to) == same, "seed " << c.seed);
    }
}

BOOST_AUTO_TEST_CASE(a_changed_copy_leaves_the_original_alone)
{
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        RandomTrees random{seed};
        FileTree tree;
        random.edit(tree, 0, 20);
        const auto before = describe(tree);
        FileTree copy = tree;
        random.edit(copy, 1, 20);
        BOOST_REQUIRE_MESSAGE(describe(tree) == before, "seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
