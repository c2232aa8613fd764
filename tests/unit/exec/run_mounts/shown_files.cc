#include "exec/run_mounts/shown_files.hh"

#include "../copy/files.hh"
#include "context/context.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

namespace {

std::unique_ptr<SourceView> view(const Lines &lines)
{
    return view_of(tree_of(lines), provider_of(lines));
}

std::vector<std::string> paths(const std::vector<layer::Change> &changes)
{
    std::vector<std::string> result;
    for (const auto &change : changes)
        result.push_back(change.entry.path);
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shown_files_of_a_mount)

BOOST_AUTO_TEST_CASE(a_source_is_found_through_links)
{
    BOOST_TEST(find_source(*view({"f real/a=x", "l link>/real"}), "/link/a") == "real/a");
}

BOOST_AUTO_TEST_CASE(a_link_does_not_lead_out_of_the_view)
{
    BOOST_TEST(find_source(*view({"d etc", "l link>../../../etc"}), "link") == "etc");
}

BOOST_AUTO_TEST_CASE(a_missing_source_is_named)
{
    const auto error = mica::test::error_of([] { (void)find_source(*view({"f a=x"}), "/b"); });
    BOOST_TEST(error.kind() == ErrorKind::not_found);
    BOOST_TEST(error.message() == "\"/b\": not found");
}

BOOST_AUTO_TEST_CASE(a_source_that_is_ignored_is_told)
{
    const mica::test::TemporaryDirectory place;
    std::ofstream{place / "hidden"} << "x";
    const auto context = context::open_directory(place.path(), context::IgnoreList{{"hidden"}});
    const auto error = mica::test::error_of([&] { (void)find_source(*view_of(*context), "hidden"); });
    BOOST_TEST(error.hint().value().find("ignore file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_takes_the_given_name)
{
    BOOST_TEST(paths(shown_files(*view({"f d/a=x", "f d/b=y"}), "d/a", "m", {})) ==
                   std::vector<std::string>{"m"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_directory_comes_with_what_is_below_it_and_nothing_beside_it)
{
    const auto shown = shown_files(*view({"f d/a/c=x", "f d/a.b=y", "f other=z"}), "d", "m", {});
    BOOST_TEST(paths(shown) == (std::vector<std::string>{"m", "m/a", "m/a/c", "m/a.b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hard_links_stay_links)
{
    const auto shown = shown_files(*view({"f d/a=x", "h d/b>d/a"}), "d", "", {});
    BOOST_TEST_REQUIRE(shown.size() == 3U);
    BOOST_TEST((shown[2].entry.type == tar::FileType::hardlink));
    BOOST_TEST(shown[2].entry.link_target == "a");
    BOOST_TEST(!shown[2].content);
}

BOOST_AUTO_TEST_CASE(what_the_ignore_file_hides_is_not_shown)
{
    const mica::test::TemporaryDirectory place;
    std::ofstream{place / "hidden"} << "x";
    std::ofstream{place / "seen"} << "x";
    const auto context = context::open_directory(place.path(), context::IgnoreList{{"hidden"}});
    BOOST_TEST(paths(shown_files(*view_of(*context), "", "m", {})) ==
                   (std::vector<std::string>{"m", "m/seen"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
