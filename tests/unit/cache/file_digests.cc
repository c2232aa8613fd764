#include "cache/file_digests.hh"

#include "io/fd.hh"
#include "io/hash.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <sys/stat.h>

using namespace mica;
using namespace mica::cache;

namespace {

struct Fixture {
    test::TemporaryDirectory place;
    std::filesystem::path file = place / "digests";
    Digest digest = sha256("content");

    static struct stat status_of(ino_t inode, long seconds_ago = 3600)
    {
        struct stat status{};
        status.st_dev = 1;
        status.st_ino = inode;
        status.st_size = 7;
        status.st_ctim.tv_sec = std::time(nullptr) - seconds_ago;
        return status;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(digests_of_files, Fixture)

BOOST_AUTO_TEST_CASE(what_was_saved_is_known_again)
{
    const auto status = status_of(1);
    {
        FileDigests digests{file};
        digests.remember(status, digest);
        digests.save();
    }
    BOOST_TEST((FileDigests{file}.find(status) == digest));
}

BOOST_AUTO_TEST_CASE(another_inode_time_or_size_is_another_file)
{
    FileDigests digests{file};
    const auto status = status_of(1);
    digests.remember(status, digest);
    auto other = status;
    other.st_ino = 2;
    BOOST_TEST(!digests.find(other));
    other = status;
    other.st_ctim.tv_nsec = 1;
    BOOST_TEST(!digests.find(other));
    other = status;
    other.st_size = 8;
    BOOST_TEST(!digests.find(other));
}

BOOST_AUTO_TEST_CASE(what_has_just_changed_is_not_remembered)
{
    FileDigests digests{file};
    const auto status = status_of(1, 0);
    digests.remember(status, digest);
    BOOST_TEST(!digests.find(status));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_counts_as_empty)
{
    const auto status = status_of(1);
    {
        FileDigests digests{file};
        digests.remember(status, digest);
        digests.save();
    }
    auto bytes = read_file(file);
    bytes[40] = static_cast<char>(bytes[40] ^ 1);
    write_file_atomically(file, bytes);
    BOOST_TEST(!FileDigests{file}.find(status));
    write_file_atomically(file, "mica-file-digests 1\n");
    BOOST_TEST(!FileDigests{file}.find(status));
}

BOOST_AUTO_TEST_SUITE_END()
