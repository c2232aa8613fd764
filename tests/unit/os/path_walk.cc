#include "os/path_walk.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using namespace mica::test;
using mica::os::find_beneath;
using mica::os::find_in_root;
using mica::os::open_beneath;
namespace fs = std::filesystem;

struct Tree {
    TemporaryDirectory place;
    Tree()
    {
        fs::create_directories(place / "root/a/b");
        std::ofstream{place / "root/a/b/f"} << "inside";
        std::ofstream{place / "secret"} << "outside";
        fs::create_symlink("../../secret", place / "root/a/up");
        fs::create_symlink(place / "secret", place / "root/absolute");
        fs::create_symlink("/a/b", place / "root/rooted");
        fs::create_symlink("loop", place / "root/loop");
    }
    mica::Fd root = mica::Fd{};
    int fd()
    {
        if (!root)
            root = mica::open_file(place / "root", O_PATH | O_DIRECTORY);
        return root.get();
    }
    static std::string text(mica::Fd file)
    {
        mica::FdSource source{std::move(file)};
        return mica::read_all(source);
    }
};

BOOST_FIXTURE_TEST_SUITE(os_path_walk, Tree)

BOOST_AUTO_TEST_CASE(a_path_below_opens)
{
    BOOST_TEST(text(open_beneath(fd(), "a/b/f", O_RDONLY)) == "inside");
}

BOOST_AUTO_TEST_CASE(beneath_follows_no_link)
{
    for (const char *path : {"a/up", "absolute", "rooted/f", "loop"})
        BOOST_TEST(!find_beneath(fd(), path, O_RDONLY).has_value(), path);
}

BOOST_AUTO_TEST_CASE(beneath_does_not_leave)
{
    for (const char *path : {"..", "../secret", "a/../../secret", "/etc/passwd"})
        BOOST_CHECK_THROW((void)open_beneath(fd(), path, O_RDONLY), mica::Error);
}

BOOST_AUTO_TEST_CASE(in_root_follows_links_inside)
{
    BOOST_TEST(text(std::move(*find_in_root(fd(), "/rooted/f", O_RDONLY))) == "inside");
    BOOST_TEST(text(std::move(*find_in_root(fd(), "/../a/b/f", O_RDONLY))) == "inside");
    for (const char *path : {"a/up", "absolute", "/secret"})
        BOOST_TEST(!find_in_root(fd(), path, O_RDONLY).has_value(), path);
}

BOOST_AUTO_TEST_CASE(a_loop_is_an_error_in_a_root)
{
    BOOST_CHECK_THROW((void)find_in_root(fd(), "loop", O_RDONLY), mica::Error);
}

BOOST_AUTO_TEST_CASE(an_empty_path_is_the_directory)
{
    BOOST_TEST(find_beneath(fd(), "", O_PATH).has_value());
    BOOST_TEST(find_in_root(fd(), "", O_PATH).has_value());
}

BOOST_AUTO_TEST_CASE(paths_are_split_at_the_last_slash)
{
    BOOST_TEST(mica::os::split_path("a/b/c").parent == "a/b");
    BOOST_TEST(mica::os::split_path("a/b/c").name == "c");
    BOOST_TEST(mica::os::split_path("a").parent == "");
    BOOST_TEST(mica::os::split_path("a").name == "a");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
