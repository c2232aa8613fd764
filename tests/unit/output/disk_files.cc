#include "output/disk_files.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <vector>

namespace data = boost::unit_test::data;
using mica::ErrorKind;
using mica::output::DiskFiles;
using mica::output::Losses;
using mica::tar::Entry;
using mica::tar::FileType;
using mica::test::kind_of;
using mica::test::TemporaryDirectory;

namespace {

Entry entry(const std::string &path, FileType type, const std::string &target = {})
{
    return {.path = path, .type = type, .mode = 0755, .link_target = target, .xattrs = {}};
}

const std::vector<std::string> bad_paths{"../x", "a/../../x",           "/x", "a//b", ".", "./a", "..",
                                         "a/",   std::string{"a\0b", 3}};

struct Fixture {
    TemporaryDirectory directory;
    DiskFiles files{[this] {
        std::filesystem::create_directory(directory / "root");
        return mica::open_file(directory / "root", O_RDONLY | O_DIRECTORY);
    }()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(disk_files, Fixture)

BOOST_DATA_TEST_CASE(a_path_that_could_leave_is_refused, data::make(bad_paths), path)
{
    BOOST_TEST(kind_of([&] { files.add(entry(path, FileType::directory), nullptr); }) ==
               ErrorKind::integrity);
    BOOST_TEST(!std::filesystem::exists(directory / "x"));
}

BOOST_AUTO_TEST_CASE(a_link_to_the_outside_is_refused)
{
    BOOST_TEST(kind_of([&] { files.add(entry("a", FileType::hardlink, "../x"), nullptr); }) ==
               ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(no_link_is_followed)
{
    std::filesystem::create_directory(directory / "outside");
    files.add(entry("l", FileType::symlink, "../outside"), nullptr);
    BOOST_CHECK_THROW(files.add(entry("l/a", FileType::regular), nullptr), mica::Error);
    BOOST_TEST(std::filesystem::is_empty(directory / "outside"));
}

BOOST_AUTO_TEST_CASE(no_file_is_overwritten)
{
    files.add(entry("a", FileType::regular), nullptr);
    BOOST_CHECK_THROW(files.add(entry("a", FileType::regular), nullptr), mica::Error);
}

BOOST_AUTO_TEST_CASE(a_file_must_have_its_size)
{
    auto promised = entry("a", FileType::regular);
    promised.size = 2;
    mica::StringSource source{"1"};
    BOOST_TEST(kind_of([&] { files.add(promised, &source); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(losses_are_told_in_one_sentence)
{
    BOOST_TEST(Losses{}.describe() == "");
    const Losses losses{.owners = 1, .devices = 2, .attributes = 0};
    BOOST_TEST(losses.describe().starts_with("the owners of 1 file, 2 devices could not be written"));
}

BOOST_AUTO_TEST_SUITE_END()
