#include "sandbox/chroot/borrowed_root.hh"

#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using mica::read_file;
using mica::sandbox::BorrowedRoot;
using mica::sandbox::mount_targets;

/// A container's root with mica's directory in it, and in that a stage.
struct Container {
    mica::test::TemporaryDirectory directory;
    fs::path root = directory.path(), stage = root / "mica/stage", hidden = root / "mica/hidden";
    Container()
    {
        for (const auto &path : {stage / "etc", stage / "usr/lib", hidden, root / "etc"})
            fs::create_directories(path);
        write(stage / "etc/motd", "of the image");
        write(stage / "usr/lib/library", "code");
        write(root / "etc/motd", "of the container");
        write(root / "etc/passwd", "of the container");
        fs::create_symlink("usr/lib", stage / "lib");
    }
    static void write(const fs::path &path, const std::string &text) { std::ofstream{path} << text; }
};

BOOST_AUTO_TEST_SUITE(sandbox_chroot_borrowed_root)

BOOST_AUTO_TEST_CASE(the_stage_is_there_and_then_back)
{
    Container container;
    BorrowedRoot borrowed{container.stage, container.hidden, container.root};
    BOOST_TEST(read_file(container.root / "etc/motd") == "of the image");
    BOOST_TEST(read_file(container.root / "lib/library") == "code");
    Container::write(container.root / "new", "of the command");
    Container::write(container.root / "etc/new", "of the command");
    fs::remove_all(container.root / "usr");
    const auto moved = borrowed.give_back();
    BOOST_TEST(read_file(container.root / "etc/motd") == "of the container");
    BOOST_TEST(read_file(container.root / "etc/passwd") == "of the container");
    BOOST_TEST(!fs::exists(container.root / "new"));
    BOOST_TEST(!fs::exists(container.root / "etc/new"));
    BOOST_TEST(read_file(container.stage / "etc/motd") == "of the image");
    BOOST_TEST(read_file(container.stage / "etc/new") == "of the command");
    BOOST_TEST(read_file(container.stage / "new") == "of the command");
    BOOST_TEST(fs::is_symlink(container.stage / "lib"));
    BOOST_TEST(!fs::exists(container.stage / "usr"));
    BOOST_TEST(!fs::exists(container.stage / "etc/passwd"));
    std::set<std::string> paths;
    for (const auto &file : moved)
        paths.insert(file.path);
    BOOST_TEST((paths == std::set<std::string>{"etc/motd", "lib"}));
}

BOOST_AUTO_TEST_CASE(a_container_with_a_system_of_its_own_is_left_alone)
{
    Container container;
    fs::create_directories(container.root / "usr/lib");
    const auto error =
        mica::test::error_of([&] { (void)BorrowedRoot{container.stage, container.hidden, container.root}; });
    BOOST_TEST(error.kind() == mica::ErrorKind::unsupported);
    BOOST_TEST(fs::exists(container.stage / "etc/motd"));
}

BOOST_AUTO_TEST_CASE(the_state_directory_must_not_be_the_images)
{
    Container container;
    fs::create_directories(container.stage / "mica");
    const auto error =
        mica::test::error_of([&] { (void)BorrowedRoot{container.stage, container.hidden, container.root}; });
    BOOST_TEST(mica::test::contains(error.message(), "/mica"));
    BOOST_TEST(fs::exists(container.stage / "etc/motd"));
}

BOOST_AUTO_TEST_CASE(mounts_are_read_with_their_escapes)
{
    const auto *text = "22 26 0:20 / /proc rw - proc proc rw\n23 26 0:6 /x /a\\040b rw - tmpfs tmpfs rw\n";
    BOOST_TEST((mount_targets(text) == std::set<std::string>{"/proc", "/a b"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
