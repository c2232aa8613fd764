#include "exec/ignored_paths.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

layer::Change file(const std::string &path)
{
    layer::Change change;
    change.entry.path = path;
    change.entry.type = tar::FileType::regular;
    change.content = std::make_shared<StringContent>(path);
    return change;
}

layer::Change link_to(const std::string &path, const std::string &target)
{
    auto change = file(path);
    change.entry.type = tar::FileType::hardlink;
    change.entry.link_target = target;
    change.content = nullptr;
    return change;
}

std::vector<layer::Change> left(std::vector<layer::Change> changes, const std::vector<std::string> &patterns)
{
    std::vector<layer::Change> out;
    without_ignored(std::make_unique<layer::ChangeList>(std::move(changes)), IgnoredPaths{patterns})
        ->visit([&](const layer::Change &change) { out.push_back(change); }, {});
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ignored_paths)

BOOST_AUTO_TEST_CASE(a_path_and_what_is_below)
{
    const IgnoredPaths ignored{{"/var/log/", "tmp"}};
    BOOST_TEST(ignored.contains("var/log"));
    BOOST_TEST(ignored.contains("var/log/a/b"));
    BOOST_TEST(ignored.contains("tmp/x"));
    BOOST_TEST(!ignored.contains("var"));
    BOOST_TEST(!ignored.contains("var/logs"));
    BOOST_TEST(!ignored.contains(""));
}

BOOST_AUTO_TEST_CASE(patterns_are_of_components)
{
    const IgnoredPaths ignored{{"/home/*/.cache", "/a?"}};
    BOOST_TEST(ignored.contains("home/me/.cache/x"));
    BOOST_TEST(!ignored.contains("home/me/you/.cache"));
    BOOST_TEST(ignored.contains("ab"));
}

BOOST_AUTO_TEST_CASE(everything_cannot_be_ignored)
{
    BOOST_CHECK_THROW(IgnoredPaths{{"/"}}, Error);
}

BOOST_AUTO_TEST_CASE(the_text_does_not_depend_on_the_order)
{
    BOOST_TEST(IgnoredPaths({"/b", "/a"}).text() == IgnoredPaths({"a/", "/b"}).text());
}

BOOST_AUTO_TEST_CASE(a_link_of_what_is_left_out_becomes_the_file)
{
    const auto kept = left({file("a"), link_to("b", "a"), link_to("c", "a"), file("d")}, {"/a"});
    BOOST_TEST(kept.size() == 3U);
    BOOST_TEST((kept[0].entry.type == tar::FileType::regular && kept[0].entry.path == "b"));
    BOOST_TEST((kept[0].content != nullptr));
    BOOST_TEST((kept[1].entry.type == tar::FileType::hardlink && kept[1].entry.link_target == "b"));
    BOOST_TEST(kept[2].entry.path == "d");
}

BOOST_AUTO_TEST_SUITE_END()
