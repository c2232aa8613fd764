#include "io/fd.hh"
#include "layer/layer_reader.hh"
#include "sandbox/extractor.hh"
#include "sandbox/merged_extractor.hh"
#include "sandbox/tree_scan.hh"
#include "support/errors.hh"
#include "support/layer_builder.hh"
#include "support/temporary_directory.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace mica::test;
namespace fs = std::filesystem;
using boost::test_tools::per_element;
using Lines = std::vector<std::string>;

/// Entries of the caller's own, so that extraction needs no privilege.
LayerBuilder layer()
{
    return LayerBuilder{}.owner(::geteuid(), ::getegid());
}

struct Directory {
    TemporaryDirectory place;
    mica::Fd root = mica::open_file(place.path(), O_RDONLY | O_DIRECTORY);

    void apply(const LayerBuilder &built)
    {
        (void)mica::sandbox::apply_layer(std::make_unique<mica::StringSource>(built.tar()), root.get(), true,
                                         nullptr, {});
    }
    mica::sandbox::LayerNotes extract(const LayerBuilder &built)
    {
        return mica::sandbox::extract_layer(std::make_unique<mica::StringSource>(built.tar()), root.get(),
                                            mica::sandbox::OverlayForm::user, nullptr, {});
    }
    [[nodiscard]] Lines names() const
    {
        Lines found;
        for (const auto &entry : fs::recursive_directory_iterator{place.path()})
            found.push_back(fs::relative(entry.path(), place.path()));
        std::ranges::sort(found);
        return found;
    }
    [[nodiscard]] std::string bytes(const char *path) const { return mica::read_file(place / path); }
    [[nodiscard]] struct stat status(const char *path) const
    {
        struct stat found{};
        BOOST_TEST(::lstat((place / path).c_str(), &found) == 0);
        return found;
    }
};

BOOST_FIXTURE_TEST_SUITE(sandbox_merged_extractor, Directory)

BOOST_AUTO_TEST_CASE(later_layers_replace)
{
    apply(layer().directory("d").file("d/f", "one").file("d/g", "g").symlink("l", "d"));
    apply(layer().file("d/f", "two", 0600).file("l", "file now"));
    BOOST_TEST(names() == (Lines{"d", "d/f", "d/g", "l"}), per_element());
    BOOST_TEST(bytes("d/f") == "two");
    BOOST_TEST(bytes("l") == "file now");
    BOOST_TEST((status("d/f").st_mode & 07777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_directory_over_a_directory_keeps_what_is_in_it)
{
    apply(layer().directory("d", 0755).file("d/f", "one"));
    apply(layer().directory("d", 0700));
    BOOST_TEST(bytes("d/f") == "one");
    BOOST_TEST((status("d").st_mode & 07777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_file_over_a_directory_takes_its_place)
{
    apply(layer().directory("d").directory("d/e").file("d/e/f", "one"));
    apply(layer().file("d", "flat"));
    BOOST_TEST(names() == Lines{"d"}, per_element());
}

BOOST_AUTO_TEST_CASE(removals_act_on_lower_layers_whatever_the_order)
{
    apply(layer().directory("d").file("d/old", "1").file("gone", "1").directory("tree").file("tree/f", "1"));
    apply(layer()
              .file("d/new", "2")
              .file("d/.wh.new", "")
              .file("d/.wh.old", "")
              .file(".wh.gone", "")
              .file(".wh.tree", ""));
    BOOST_TEST(names() == (Lines{"d", "d/new"}), per_element());
}

BOOST_AUTO_TEST_CASE(an_opaque_mark_empties_what_lower_layers_had)
{
    apply(layer().directory("d").directory("d/sub").file("d/sub/old", "1").file("d/old", "1"));
    apply(layer().directory("d").directory("d/sub").file("d/sub/new", "2").file("d/.wh..wh..opq", ""));
    BOOST_TEST(names() == (Lines{"d", "d/sub", "d/sub/new"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_removal_after_an_entry_below_spares_that)
{
    apply(layer().directory("d").file("d/old", "1"));
    apply(layer().file("d/new", "2").file(".wh.d", ""));
    BOOST_TEST(names() == (Lines{"d", "d/new"}), per_element());
}

BOOST_AUTO_TEST_CASE(times_of_directories_are_what_layers_say)
{
    apply(layer().at(1000).directory("d").directory("e"));
    apply(layer().at(2000).file("d/f", "x").directory("e").file("new/f", "x"));
    BOOST_TEST(status("d").st_mtim.tv_sec == 1000);
    BOOST_TEST(status("e").st_mtim.tv_sec == 2000);
    BOOST_TEST(status("new").st_mtim.tv_sec == 0);
    BOOST_TEST(status("d/f").st_mtim.tv_sec == 2000);
}

BOOST_AUTO_TEST_CASE(hard_links_reach_lower_layers_and_may_come_first)
{
    apply(layer().file("a", "bytes"));
    apply(layer().hardlink("b", "a").hardlink("d", "c").file("c", "other"));
    BOOST_TEST(status("a").st_ino == status("b").st_ino);
    BOOST_TEST(status("c").st_ino == status("d").st_ino);
}

BOOST_AUTO_TEST_CASE(a_hard_link_to_nothing_is_an_error)
{
    const auto error = error_of([&] { apply(layer().hardlink("b", "nothing")); });
    BOOST_TEST(error.message() == "the hard link 'b' points to 'nothing', which does not exist");
}

BOOST_AUTO_TEST_CASE(nothing_is_written_through_a_link)
{
    const TemporaryDirectory outside;
    apply(layer().symlink("door", outside.path().native()));
    apply(layer().file("door/f", "x"));
    BOOST_TEST(fs::is_empty(outside.path()));
    BOOST_TEST(names() == (Lines{"door", "door/f"}), per_element());
    apply(layer()
              .symlink("up", outside.path().native())
              .file("up/.wh..wh..opq", "")
              .hardlink("x", "up/f")
              .file("up/f", "1"));
    BOOST_TEST(fs::is_empty(outside.path()));
}

BOOST_AUTO_TEST_CASE(an_id_that_cannot_be_is_counted)
{
    if (::geteuid() == 0)
        return; // root can have every id
    const auto built = LayerBuilder{}.file("f", "x", 0644, 4242, 4242);
    BOOST_CHECK_THROW(apply(built), mica::Error); // not even the overflow id, without a namespace
}

BOOST_AUTO_TEST_SUITE_END()

/// An overlay file system, which containers have, takes no whiteouts.
boost::test_tools::assertion_result takes_whiteouts(boost::unit_test::test_unit_id)
{
    const TemporaryDirectory place;
    boost::test_tools::assertion_result result{::mknod((place / "w").c_str(), S_IFCHR, 0) == 0};
    result.message() << "the temporary directory takes no whiteouts";
    return result;
}

BOOST_FIXTURE_TEST_SUITE(sandbox_extractor, Directory)

BOOST_AUTO_TEST_CASE(directories_without_an_entry_are_noted)
{
    const auto notes = extract(layer().file("a/b/f", "x").directory("a"));
    BOOST_TEST(notes.implied == (Lines{"", "a/b"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_link_to_another_layer_is_noted)
{
    const auto notes = extract(layer().hardlink("b", "lower/a"));
    BOOST_TEST(notes.links.size() == 1U);
    BOOST_TEST(notes.links.front().second == "lower/a");
}

BOOST_AUTO_TEST_CASE(whiteouts_become_devices_and_attributes,
                     *boost::unit_test::precondition(takes_whiteouts))
{
    extract(layer().file("d/.wh.gone", "").file("e/.wh..wh..opq", ""));
    BOOST_TEST(S_ISCHR(status("d/gone").st_mode));
    BOOST_TEST(status("d/gone").st_rdev == 0U);
    BOOST_TEST(fs::is_empty(place / "e"));
}

BOOST_AUTO_TEST_CASE(an_entry_wins_over_a_whiteout_of_its_name,
                     *boost::unit_test::precondition(takes_whiteouts))
{
    extract(layer()
                .file(".wh.f", "")
                .file("f", "x")
                .file("g", "y")
                .file(".wh.g", "")
                .file(".wh.d", "")
                .directory("d"));
    BOOST_TEST(bytes("f") == "x");
    BOOST_TEST(bytes("g") == "y");
    BOOST_TEST(S_ISDIR(status("d").st_mode));
}

BOOST_AUTO_TEST_SUITE_END()

/// A directory, changed after it was seen.
struct Seen : Directory {
    mica::sandbox::TreeSnapshot snapshot{
        (apply(layer().directory("d").file("d/f", "one").file("d/g", "two").hardlink("h", "d/g")),
         root.get())};
    Lines changed()
    {
        Lines found;
        for (const auto &entry : snapshot.update(root.get()))
            found.push_back((entry.kind == mica::sandbox::UpperEntry::Kind::whiteout ? "-" : "") +
                            entry.path + (entry.link_target.empty() ? "" : "=" + entry.link_target));
        return found;
    }
};

BOOST_FIXTURE_TEST_SUITE(sandbox_tree_scan, Seen)

BOOST_AUTO_TEST_CASE(nothing_changed_but_the_root_is_always_told)
{
    BOOST_TEST(changed() == Lines{""}, per_element());
}

BOOST_AUTO_TEST_CASE(a_write_of_the_same_size_and_time_is_seen)
{
    const auto before = status("d/f");
    std::ofstream{place / "d/f"} << "ONE";
    const timespec times[2] = {before.st_atim, before.st_mtim};
    BOOST_TEST(::utimensat(AT_FDCWD, (place / "d/f").c_str(), times, 0) == 0);
    BOOST_TEST(changed() == (Lines{"", "d/f"}), per_element());
    BOOST_TEST(changed() == Lines{""}, per_element());
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_told_once)
{
    fs::remove_all(place / "d");
    BOOST_TEST(changed() == (Lines{"", "-d", "h"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_new_name_links_to_the_first)
{
    fs::create_hard_link(place / "h", place / "z");
    BOOST_TEST(changed() == (Lines{"", "d/g", "h=d/g", "z=d/g"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_rename_is_a_removal_and_a_file)
{
    fs::rename(place / "d/f", place / "moved");
    BOOST_TEST(changed() == (Lines{"", "d", "-d/f", "moved"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_instead_of_a_file)
{
    fs::remove(place / "d/f");
    fs::create_directories(place / "d/f/sub");
    BOOST_TEST(changed() == (Lines{"", "d", "d/f", "d/f/sub"}), per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
