#include "oci/staged_file.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using mica::as_bytes;
using mica::read_file;
using mica::write_all;
using mica::oci::StagedFile;
using mica::test::TemporaryDirectory;

BOOST_AUTO_TEST_SUITE(staged_file)

BOOST_AUTO_TEST_CASE(appears_when_published)
{
    const TemporaryDirectory directory;
    StagedFile file{directory.path()};
    write_all(file.fd(), as_bytes("x"));
    BOOST_TEST(!std::filesystem::exists(directory / "name"));
    file.publish(directory / "name");
    BOOST_TEST(read_file(directory / "name") == "x");
}

BOOST_AUTO_TEST_CASE(replaces_what_has_the_name)
{
    const TemporaryDirectory directory;
    for (const auto *text : {"old", "new"}) {
        StagedFile file{directory.path()};
        write_all(file.fd(), as_bytes(text));
        file.publish(directory / "name");
    }
    BOOST_TEST(read_file(directory / "name") == "new");
    BOOST_TEST(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind)
{
    const TemporaryDirectory directory;
    {
        const StagedFile file{directory.path()};
        write_all(file.fd(), as_bytes("x"));
    }
    BOOST_TEST(std::filesystem::is_empty(directory.path()));
}

BOOST_AUTO_TEST_CASE(a_failed_publication_leaves_nothing_behind)
{
    const TemporaryDirectory directory;
    std::filesystem::create_directories(directory / "name/x");
    {
        StagedFile file{directory.path()};
        BOOST_CHECK_THROW(file.publish(directory / "name"), mica::Error);
    }
    BOOST_TEST(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(needs_its_directory)
{
    const TemporaryDirectory directory;
    BOOST_TEST(mica::test::kind_of([&] { const StagedFile file{directory / "none"}; }) ==
               mica::ErrorKind::not_found);
}

BOOST_AUTO_TEST_SUITE_END()
