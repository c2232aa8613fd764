#include "context/ignore_file.hh"

#include "io/fd.hh"
#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::context;

BOOST_AUTO_TEST_SUITE(ignore_file)

struct Fixture {
    test::TemporaryDirectory directory;
    void write(const char *name, const char *text) const
    {
        write_file_atomically(directory.path() / name, text);
    }
};

BOOST_FIXTURE_TEST_CASE(the_one_of_the_dockerfile_wins, Fixture)
{
    write(".dockerignore", "common\n");
    write("other.dockerignore", "special\n");
    const auto found = find_ignore_file(directory.path(), directory.path() / "other");
    BOOST_TEST(found.name == "other.dockerignore");
    BOOST_TEST(found.patterns.at(0) == "special");
    BOOST_TEST(find_ignore_file(directory.path(), directory.path() / "Dockerfile").patterns.at(0) ==
               "common");
    BOOST_TEST(find_ignore_file(directory.path(), std::nullopt).patterns.at(0) == "common");
}

BOOST_FIXTURE_TEST_CASE(none_means_no_patterns, Fixture)
{
    const auto found = find_ignore_file(directory.path(), std::nullopt);
    BOOST_TEST(found.name == ".dockerignore");
    BOOST_TEST(found.patterns.empty());
}

BOOST_FIXTURE_TEST_CASE(a_broken_one_is_an_error, Fixture)
{
    write(".dockerignore", "[\n");
    BOOST_TEST(test::kind_of([&] { (void)find_ignore_file(directory.path(), std::nullopt); }) ==
               ErrorKind::usage);
}

BOOST_AUTO_TEST_SUITE_END()
