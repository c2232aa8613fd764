#include "layer/file_tree.hh"

#include "base/error.hh"
#include "trees.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace mica::layer::test {

namespace {

using Names = std::vector<std::string>;

Names paths(const FileTree &tree)
{
    Names all;
    tree.walk([&](const std::string &path, const FileTree::InodePtr &) { all.push_back(path); });
    return all;
}

bool is_integrity(const Error &error)
{
    return error.kind() == ErrorKind::integrity;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_tree)

BOOST_AUTO_TEST_CASE(an_empty_tree_has_a_root_directory)
{
    const FileTree tree;
    BOOST_TEST(tree.size() == 1U);
    BOOST_REQUIRE(tree.find("") != nullptr);
    BOOST_TEST(tree.find("")->mode == 0755U);
}

BOOST_AUTO_TEST_CASE(an_entry_is_found_with_its_metadata_and_origin)
{
    Change change = file("etc/passwd", "root", 0600);
    change.entry.uid = 7;
    change.entry.xattrs["user.a"] = "b";
    const FileTree tree = tree_of({{}, {change}});
    const auto inode = tree.find("etc/passwd");
    BOOST_REQUIRE(inode != nullptr);
    BOOST_TEST(inode->mode == 0600U);
    BOOST_TEST(inode->uid == 7U);
    BOOST_TEST(inode->size == 4U);
    BOOST_TEST(inode->layer == 1U);
    BOOST_TEST(inode->path_in_layer == "etc/passwd");
    BOOST_TEST(inode->xattrs.at("user.a") == "b");
}

BOOST_AUTO_TEST_CASE(missing_parents_come_into_being)
{
    const FileTree tree = tree_of({{file("a/b/c")}});
    BOOST_TEST(paths(tree) == (Names{"", "a", "a/b", "a/b/c"}), boost::test_tools::per_element());
    BOOST_TEST(tree.find("a/b")->mode == 0755U);
}

BOOST_AUTO_TEST_CASE(children_are_sorted_bytewise)
{
    const FileTree tree = tree_of({{file("d/b"), file("d/\xc3\xa4"), file("d/a.b"), file("d/a/x")}});
    BOOST_TEST(tree.children("d") == (Names{"a", "a.b", "b", "\xc3\xa4"}), boost::test_tools::per_element());
    BOOST_TEST(tree.children("d/b").empty());
    BOOST_TEST(tree.children("nowhere").empty());
}

BOOST_AUTO_TEST_CASE(a_walk_from_a_path_stays_below_it)
{
    const FileTree tree = tree_of({{file("a/b/c"), file("a.b"), file("d")}});
    Names seen;
    tree.walk("a/b", [&](const std::string &path, const FileTree::InodePtr &) { seen.push_back(path); });
    BOOST_TEST(seen == (Names{"a/b", "a/b/c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_over_a_directory_keeps_the_content)
{
    const FileTree tree = tree_of({{file("a/b")}, {directory("a", 0700)}});
    BOOST_TEST(tree.find("a")->mode == 0700U);
    BOOST_TEST((tree.find("a/b") != nullptr));
}

BOOST_AUTO_TEST_CASE(a_file_over_a_directory_replaces_it)
{
    const FileTree tree = tree_of({{file("a/b")}, {file("a")}});
    BOOST_TEST(paths(tree) == (Names{"", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_link_in_the_way_becomes_a_directory)
{
    const FileTree tree = tree_of({{directory("usr/lib"), symlink("lib", "usr/lib")}, {file("lib/x")}});
    BOOST_TEST((tree.find("lib")->type == tar::FileType::directory));
    BOOST_TEST((tree.find("usr/lib/x") == nullptr));
}

BOOST_AUTO_TEST_CASE(names_of_one_file_share_an_inode)
{
    const FileTree tree = tree_of({{file("a"), hardlink("b", "a")}});
    BOOST_TEST((tree.find("a") == tree.find("b")));
}

BOOST_AUTO_TEST_CASE(a_hard_link_may_come_before_its_target)
{
    const FileTree tree = tree_of({{hardlink("a", "b"), hardlink("b", "c"), file("c")}});
    BOOST_TEST((tree.find("a") == tree.find("c")));
    BOOST_TEST((tree.find("a")->type == tar::FileType::regular));
}

BOOST_AUTO_TEST_CASE(a_hard_link_may_join_a_file_of_a_lower_layer)
{
    const FileTree tree = tree_of({{file("a", "x")}, {hardlink("b", "a")}});
    BOOST_TEST((tree.find("a") == tree.find("b")));
    BOOST_TEST(tree.find("b")->layer == 0U);
}

BOOST_AUTO_TEST_CASE(a_hard_link_keeps_the_file_that_its_target_was)
{
    const FileTree tree = tree_of({{file("a", "old"), hardlink("b", "a"), file("a", "newer")}});
    BOOST_TEST(tree.find("b")->size == 3U);
    BOOST_TEST(tree.find("a")->size == 5U);
}

BOOST_DATA_TEST_CASE(broken_hard_links_are_refused, boost::unit_test::data::make({"nothing", "dir", "b"}),
                     target)
{
    ChangeList changes{{directory("dir"), hardlink("b", target)}};
    FileTree tree;
    BOOST_CHECK_EXCEPTION(tree.apply_layer(changes, 0, {}), Error, is_integrity);
    BOOST_TEST(tree.size() == 1U, "a failed layer leaves the tree as it was");
}

BOOST_AUTO_TEST_CASE(a_removal_takes_all_below)
{
    const FileTree tree = tree_of({{file("a/b/c"), file("ab")}, {removal("a")}});
    BOOST_TEST(paths(tree) == (Names{"", "ab"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_removal_of_nothing_makes_nothing)
{
    const FileTree tree = tree_of({{file("a")}, {removal("x/y"), removal("a/b")}});
    BOOST_TEST(paths(tree) == (Names{"", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_removal_spares_what_its_own_layer_brings)
{
    const FileTree tree =
        tree_of({{file("d/old"), file("f")}, {file("d/new"), removal("d"), file("f", "x"), removal("f")}});
    BOOST_TEST(paths(tree) == (Names{"", "d", "d/new", "f"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_opaque_mark_hides_lower_layers_wherever_it_stands)
{
    const FileTree tree = tree_of({{file("d/old"), directory("d/sub")}, {file("d/new"), opaque("d")}});
    BOOST_TEST(paths(tree) == (Names{"", "d", "d/new"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_opaque_mark_keeps_the_directory_itself)
{
    const FileTree tree = tree_of({{directory("d", 0700), file("d/old")}, {opaque("d")}});
    BOOST_TEST(tree.find("d")->mode == 0700U);
}

BOOST_AUTO_TEST_CASE(a_directory_in_place_of_a_file_of_its_own_layer_hides_lower_ones)
{
    const FileTree tree = tree_of({{file("d/old")}, {file("d"), directory("d"), file("d/new")}});
    BOOST_TEST(paths(tree) == (Names{"", "d", "d/new"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_root_can_be_described_and_emptied_but_not_removed)
{
    const FileTree tree = tree_of({{file("a")}, {directory("", 0700), opaque(""), file("b")}});
    BOOST_TEST(paths(tree) == (Names{"", "b"}), boost::test_tools::per_element());
    BOOST_TEST(tree.find("")->mode == 0700U);
    BOOST_CHECK_EXCEPTION(tree_of({{removal("")}}), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(tree_of({{file("")}}), Error, is_integrity);
}

BOOST_AUTO_TEST_CASE(a_copy_is_independent)
{
    const FileTree tree = tree_of({{file("a/b"), file("a/c")}});
    FileTree copy = tree;
    copy.apply(removal("a/b"), 1);
    BOOST_TEST((tree.find("a/b") != nullptr));
    BOOST_TEST((copy.find("a/b") == nullptr));
    BOOST_TEST((tree.find("a/c") == copy.find("a/c")), "what was not changed is shared");
}

BOOST_AUTO_TEST_CASE(equality_sees_hard_links_and_origins)
{
    const auto two = tree_of({{file("a"), file("b")}});
    BOOST_TEST((two == tree_of({{file("b"), file("a")}})));
    BOOST_TEST(!(two == tree_of({{file("a"), hardlink("b", "a")}})));
    BOOST_TEST(!(two == tree_of({{}, {file("a"), file("b")}})));
}

struct Resolution {
    const char *path;
    bool follow_last;
    const char *result;
};
std::ostream &operator<<(std::ostream &out, const Resolution &r)
{
    return out << r.path;
}

BOOST_DATA_TEST_CASE(paths_are_resolved_inside_the_root,
                     boost::unit_test::data::make({
                         Resolution{"/usr/bin/x", true, "usr/bin/x"},
                         Resolution{"", true, ""},
                         Resolution{"/", true, ""},
                         Resolution{"bin/sh", true, "usr/bin/sh"},
                         Resolution{"/bin", true, "usr/bin"},
                         Resolution{"/bin", false, "bin"},
                         Resolution{"bin/", false, "bin"},
                         Resolution{"../../etc", true, "etc"},
                         Resolution{"up/etc", true, "etc"},
                         Resolution{"bin/../lib", true, "usr/lib"},
                         Resolution{"chain/x", true, "usr/bin/x"},
                         Resolution{"dangling", true, "no/where"},
                         Resolution{"dangling/x", false, "no/where/x"},
                         Resolution{"no/such/../dir", true, "no/dir"},
                         Resolution{".//usr/./bin", true, "usr/bin"},
                     }),
                     c)
{
    const FileTree tree =
        tree_of({{directory("usr/bin"), directory("usr/lib"), symlink("bin", "usr/bin"),
                  symlink("up", "../.."), symlink("chain", "/bin"), symlink("dangling", "no/where")}});
    BOOST_TEST(tree.resolve(c.path, c.follow_last) == c.result);
}

BOOST_AUTO_TEST_CASE(a_loop_of_links_is_an_error)
{
    const FileTree tree = tree_of({{symlink("a", "b"), symlink("b", "a")}});
    BOOST_CHECK_EXCEPTION((void)tree.resolve("a/x", true), Error,
                          [](const Error &e) { return e.kind() == ErrorKind::io; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
