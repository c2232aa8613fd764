#include "sandbox/stand_ins.hh"

#include "io/fd.hh"
#include "sandbox/tree_scan.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;
using mica::read_file;
using mica::sandbox::StandIns;
using mica::sandbox::TreeSnapshot;
using mica::test::TemporaryDirectory;

struct Places {
    TemporaryDirectory directory;
    fs::path root = directory.path() / "root", hidden = directory.path() / "hidden",
             lent = directory.path() / "lent";
    Places()
    {
        for (const auto &path : {root / "etc", hidden, lent})
            fs::create_directories(path);
        write(root / "etc/hosts", "of the image");
        write(lent / "file", "of the cache");
    }
    static void write(const fs::path &path, const std::string &text) { std::ofstream{path} << text; }
};

timespec time_of(const fs::path &path)
{
    struct stat status{};
    BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mtim;
}

bool same(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

BOOST_AUTO_TEST_SUITE(sandbox_stand_ins)

BOOST_AUTO_TEST_CASE(what_was_there_comes_back_and_no_time_tells)
{
    Places places;
    const auto etc = time_of(places.root / "etc");
    const auto root = time_of(places.root);
    StandIns stand_ins{places.root, places.hidden};
    Places::write(places.directory.path() / "ours", "ours");
    Places::write(places.directory.path() / "more", "more");
    stand_ins.give(places.directory.path() / "ours", "/etc/hosts");
    stand_ins.give(places.directory.path() / "more", "/etc/resolv.conf");
    stand_ins.lend(places.lent, "/var/cache/apt");
    BOOST_TEST(read_file(places.root / "etc/hosts") == "ours");
    BOOST_TEST(read_file(places.root / "var/cache/apt/file") == "of the cache");
    const auto moved = stand_ins.restore();
    BOOST_TEST(read_file(places.root / "etc/hosts") == "of the image");
    BOOST_TEST(!fs::exists(places.root / "etc/resolv.conf"));
    BOOST_TEST(!fs::exists(places.root / "var"));
    BOOST_TEST(read_file(places.lent / "file") == "of the cache");
    BOOST_TEST(same(time_of(places.root / "etc"), etc));
    BOOST_TEST(same(time_of(places.root), root));
    BOOST_REQUIRE(!moved.empty());
    BOOST_TEST(moved.back().path == "etc/hosts");
}

BOOST_AUTO_TEST_CASE(no_name_of_a_file_that_was_moved_away_is_a_change)
{
    Places places;
    fs::create_hard_link(places.root / "etc/hosts", places.root / "other-name");
    const mica::Fd root = mica::open_file(places.root, O_RDONLY | O_DIRECTORY);
    TreeSnapshot snapshot{root.get()};
    StandIns stand_ins{places.root, places.hidden};
    Places::write(places.directory.path() / "ours", "ours");
    stand_ins.give(places.directory.path() / "ours", "/etc/hosts");
    for (const auto &moved : stand_ins.restore())
        snapshot.forgive(moved);
    for (const auto &entry : snapshot.update(root.get()))
        BOOST_TEST((entry.path == "" || entry.path == "etc"), entry.path << " was not changed");
}

BOOST_AUTO_TEST_CASE(what_the_command_does_beside_it_stays)
{
    Places places;
    StandIns stand_ins{places.root, places.hidden};
    stand_ins.lend(places.lent, "/data");
    Places::write(places.root / "data/new", "kept in the cache");
    Places::write(places.root / "etc/new", "of the command");
    (void)stand_ins.restore();
    BOOST_TEST(read_file(places.root / "etc/new") == "of the command");
    BOOST_TEST(read_file(places.lent / "new") == "kept in the cache");
}

BOOST_AUTO_TEST_CASE(a_link_in_the_place_of_what_was_lent_does_not_return)
{
    Places places;
    StandIns stand_ins{places.root, places.hidden};
    stand_ins.lend(places.lent, "/data");
    fs::rename(places.root / "data", places.root / "elsewhere");
    fs::create_symlink("/", places.root / "data");
    (void)stand_ins.restore();
    BOOST_TEST(!fs::is_symlink(fs::symlink_status(places.lent)));
    BOOST_TEST(!fs::exists(places.root / "data"));
}

BOOST_AUTO_TEST_CASE(links_of_the_image_stay_inside)
{
    Places places;
    fs::create_directory_symlink("/etc", places.root / "settings");
    StandIns stand_ins{places.root, places.hidden};
    stand_ins.lend(places.lent, "/settings/../settings/data");
    BOOST_TEST(fs::exists(places.root / "etc/data/file"));
    (void)stand_ins.restore();
    BOOST_TEST(!fs::exists(places.root / "etc/data"));
}

BOOST_AUTO_TEST_CASE(a_file_is_no_place_for_a_directory)
{
    Places places;
    StandIns stand_ins{places.root, places.hidden};
    const auto error = mica::test::error_of([&] { stand_ins.lend(places.lent, "/etc/hosts"); });
    BOOST_TEST(error.kind() == mica::ErrorKind::unsupported);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
