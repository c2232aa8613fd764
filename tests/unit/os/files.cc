#include "os/directory.hh"
#include "os/file_lock.hh"
#include "os/socket.hh"
#include "os/xattr.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace mica::test;
namespace fs = std::filesystem;
namespace os = mica::os;
using boost::test_tools::per_element;

struct Place {
    TemporaryDirectory place;
    mica::Fd fd = mica::open_file(place.path(), O_RDONLY | O_DIRECTORY);
};

BOOST_FIXTURE_TEST_SUITE(os_files, Place)

BOOST_AUTO_TEST_CASE(names_are_sorted_bytewise_and_can_be_listed_again)
{
    for (const char *name : {"b", "a.b", "a", "\xff", "B"})
        std::ofstream{place / name};
    const std::vector<std::string> expected{"B", "a", "a.b", "b", "\xff"};
    BOOST_TEST(os::list_directory(fd.get()) == expected, per_element());
    BOOST_TEST(os::list_directory(fd.get()) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_tree_is_removed_but_not_what_its_links_name)
{
    const TemporaryDirectory other;
    std::ofstream{other / "kept"};
    fs::create_directories(place / "t/a/b");
    std::ofstream{place / "t/a/b/f"};
    fs::create_symlink(other.path(), place / "t/link");
    os::remove_tree(fd.get(), "t");
    BOOST_TEST(fs::is_empty(place.path()));
    BOOST_TEST(fs::exists(other / "kept"));
    BOOST_CHECK_NO_THROW(os::remove_tree(fd.get(), "t"));
}

BOOST_AUTO_TEST_CASE(making_a_directory_that_is_there_opens_it)
{
    (void)os::make_directory(fd.get(), "d", 0700);
    BOOST_TEST(os::make_directory(fd.get(), "d", 0700).get() >= 0);
    std::ofstream{place / "f"};
    BOOST_CHECK_THROW((void)os::make_directory(fd.get(), "f", 0700), mica::Error);
}

BOOST_AUTO_TEST_CASE(an_exclusive_lock_keeps_others_out)
{
    using os::FileLock;
    using os::LockMode;
    {
        const FileLock first{place / "l", LockMode::exclusive, {}};
        BOOST_TEST(!FileLock::try_lock(place / "l", LockMode::shared).has_value());
    }
    auto shared = FileLock::try_lock(place / "l", LockMode::exclusive);
    BOOST_TEST(shared.has_value());
    shared->share();
    BOOST_TEST(FileLock::try_lock(place / "l", LockMode::shared).has_value());
    BOOST_TEST(!FileLock::try_lock(place / "l", LockMode::exclusive).has_value());
}

BOOST_AUTO_TEST_CASE(waiting_for_a_lock_can_be_stopped)
{
    const os::FileLock first{place / "l", os::LockMode::exclusive, {}};
    std::stop_source source;
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        source.request_stop();
    }};
    BOOST_CHECK_THROW((os::FileLock{place / "l", os::LockMode::shared, source.get_token()}), mica::Cancelled);
}

BOOST_AUTO_TEST_CASE(attributes_are_read_back_with_their_bytes)
{
    std::ofstream{place / "f"};
    const auto path = (place / "f").native();
    const std::string value{"a\0b", 3};
    if (os::set_xattr(path, "user.mica", value) != 0)
        return; // the file system has none
    BOOST_TEST(os::read_xattrs(path).at("user.mica") == value);
    BOOST_TEST(os::has_xattr(path, "user.mica", value));
    BOOST_TEST(!os::has_xattr(path, "user.mica", "a"));
    BOOST_TEST(!os::has_xattr(path, "user.other", ""));
}

BOOST_AUTO_TEST_CASE(many_bytes_and_descriptors_cross_a_socket)
{
    auto [a, b] = os::socket_pair();
    const std::string text(3'000'000, 'x');
    std::jthread sender{[&, from = a.get()] {
        const std::array<int, 1> fds{fd.get()};
        os::send_with_fds(from, mica::as_bytes(text), fds);
    }};
    std::string got(text.size(), '\0');
    std::vector<mica::Fd> fds;
    BOOST_TEST(os::receive_full(b.get(), std::as_writable_bytes(std::span{got.data(), got.size()}), fds) ==
               got.size());
    BOOST_TEST((got == text));
    BOOST_TEST(fds.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_closed_socket_is_an_error_and_no_signal)
{
    auto [a, b] = os::socket_pair();
    b.reset();
    BOOST_CHECK_THROW(os::send_with_fds(a.get(), mica::as_bytes("x"), {}), mica::Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
