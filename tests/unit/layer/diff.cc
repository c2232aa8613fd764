#include "layer/file_tree.hh"
#include "trees.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace mica::layer::test {

namespace {

using Lines = std::vector<std::string>;

/// The changes that the second list of changes comes to, above the first.
Lines changes(const std::vector<Change> &base, const std::vector<Change> &step)
{
    return summary(diff(tree_of({base}), tree_of({base, step})));
}

std::vector<Change> crowd(const std::string &directory, int count)
{
    std::vector<Change> files;
    for (int i = 0; i < count; ++i)
        files.push_back(file(fmt::format("{}/{:03}", directory, i), "x"));
    return files;
}

} // namespace

BOOST_AUTO_TEST_SUITE(diff_of_trees)

BOOST_AUTO_TEST_CASE(nothing_changed_nothing_to_say)
{
    BOOST_TEST(changes({file("a/b")}, {}).empty());
}

BOOST_AUTO_TEST_CASE(a_new_file_brings_only_the_directories_that_are_new)
{
    BOOST_TEST(changes({directory("a")}, {file("a/b/c")}) == (Lines{"+a/b", "+a/b/c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_with_new_bytes_is_a_change_though_its_metadata_are_the_same)
{
    BOOST_TEST(changes({file("a", "x")}, {file("a", "y")}) == Lines{"+a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_with_another_mode_does_not_bring_its_content)
{
    BOOST_TEST(changes({directory("a"), file("a/b")}, {directory("a", 0700)}) == Lines{"+a"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_removed_directory_is_one_removal)
{
    BOOST_TEST(changes({file("a/b/c"), file("a/d")}, {removal("a")}) == Lines{"-a"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_changed_type_needs_no_removal)
{
    BOOST_TEST(changes({file("a/b")}, {file("a")}) == Lines{"+a"}, boost::test_tools::per_element());
    BOOST_TEST(changes({file("a")}, {file("a/b")}) == (Lines{"+a", "+a/b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_new_name_of_an_old_file_brings_the_file)
{
    BOOST_TEST(changes({file("b")}, {hardlink("c", "b")}) == (Lines{"+b", "+c=b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_new_name_brings_the_file_out_of_an_unchanged_directory)
{
    BOOST_TEST(changes({file("d/e/f"), file("d/g")}, {hardlink("z", "d/e/f")}) ==
                   (Lines{"+d/e/f", "+z=d/e/f"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_names_that_remain_of_a_file_are_left_alone)
{
    BOOST_TEST(changes({file("a"), hardlink("b", "a"), hardlink("c", "a")}, {removal("b")}) == Lines{"-b"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_link_that_was_cut_brings_one_of_the_two)
{
    FileTree linked = tree_of({{file("a", "x"), hardlink("b", "a")}});
    FileTree cut = tree_of({{file("a", "x"), file("b", "x")}});
    // b's bytes came from elsewhere, so it is brought; a is the old file.
    BOOST_TEST(summary(diff(linked, cut)) == Lines{"+b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(few_removals_are_explicit)
{
    auto base = crowd("d", 40);
    std::vector<Change> step;
    for (int i = 0; i < 15; ++i)
        step.push_back(removal(base[static_cast<std::size_t>(i)].entry.path));
    BOOST_TEST(changes(base, step).size() == 15U);
}

BOOST_AUTO_TEST_CASE(an_emptied_directory_is_one_mark)
{
    BOOST_TEST(changes(crowd("d", 40), {opaque("d")}) == Lines{"!d"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_with_all_new_content_is_one_mark_and_the_content)
{
    BOOST_TEST(changes(crowd("d", 40), {opaque("d"), file("d/001", "y"), file("d/new")}) ==
                   (Lines{"!d", "+d/001", "+d/new"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_mark_is_not_used_over_a_file_that_stays)
{
    auto step = std::vector<Change>{};
    for (const Change &change : crowd("d", 40))
        if (change.entry.path != "d/007")
            step.push_back(removal(change.entry.path));
    const auto lines = changes(crowd("d", 40), step);
    BOOST_TEST(lines.size() == 39U);
    BOOST_TEST(lines.front() == "-d/000");
}

BOOST_AUTO_TEST_CASE(a_mark_is_not_used_over_a_directory_that_stays)
{
    auto base = crowd("d", 40);
    base.push_back(file("d/sub/big"));
    std::vector<Change> step;
    for (const Change &change : crowd("d", 40))
        step.push_back(removal(change.entry.path));
    BOOST_TEST(changes(base, step).size() == 40U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
