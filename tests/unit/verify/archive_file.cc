#include "verify/archive_file.hh"

#include "io/fd.hh"
#include "support/errors.hh"
#include "support/layer_builder.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::verify;

namespace {

struct Fixture {
    ArchiveFile open(const std::string &bytes)
    {
        write_file_atomically(directory.path() / "x.tar", bytes);
        return ArchiveFile{directory.path() / "x.tar", {}};
    }
    test::TemporaryDirectory directory;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(archive_file, Fixture)

BOOST_AUTO_TEST_CASE(members_are_read_in_any_order)
{
    const auto archive = open(test::LayerBuilder{}.file("a", "first").file("d/b", "second").tar());
    BOOST_TEST(archive.read("d/b", 100).value() == "second");
    BOOST_TEST(archive.read("./a", 100).value() == "first");
    BOOST_TEST(!archive.read("c", 100));
}

BOOST_AUTO_TEST_CASE(links_lead_to_their_members)
{
    const auto archive = open(test::LayerBuilder{}
                                  .file("one/layer.tar", "bytes")
                                  .symlink("two/layer.tar", "../one/layer.tar")
                                  .hardlink("three", "one/layer.tar")
                                  .symlink("loop", "loop")
                                  .tar());
    BOOST_TEST(archive.read("two/layer.tar", 100).value() == "bytes");
    BOOST_TEST(archive.read("three", 100).value() == "bytes");
    BOOST_TEST(!archive.read("loop", 100));
}

BOOST_AUTO_TEST_CASE(long_names_are_read)
{
    const std::string name = "d/" + std::string(300, 'x') + "/ä";
    const auto archive = open(test::LayerBuilder{}.file(name, "long").file("after", "it").tar());
    BOOST_TEST(archive.read(name, 100).value() == "long");
    BOOST_TEST(archive.read("after", 100).value() == "it");
}

BOOST_AUTO_TEST_CASE(what_is_no_archive_is_refused)
{
    BOOST_CHECK_THROW(open("no tar at all"), Error);
    BOOST_CHECK_THROW(open(std::string(2048, 'x')), Error);
    const auto whole = test::LayerBuilder{}.file("a", std::string(5000, 'x')).tar();
    BOOST_CHECK_THROW(open(whole.substr(0, 3000)), Error);
}

BOOST_AUTO_TEST_CASE(a_limit_holds)
{
    const auto archive = open(test::LayerBuilder{}.file("a", "12345").tar());
    BOOST_CHECK_THROW(static_cast<void>(archive.read("a", 4)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
