#include "verify/variance.hh"

#include "../output/images.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::verify;

namespace {

// 25 November 2026, 10:00 to 10:05
const BuildSurroundings build{from_unix(1'795'600'800), from_unix(1'795'601'100), "builder-17"};

std::string code(std::string_view path, std::string_view bytes)
{
    return suspect(path, bytes, build).code;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(variance, test::ImageMaker)

BOOST_AUTO_TEST_CASE(paths_that_always_vary_are_known)
{
    BOOST_TEST(code("var/log/dpkg.log", "") == "log");
    BOOST_TEST(code("etc/machine-id", "x") == "machine-id");
    BOOST_TEST(code("var/cache/ldconfig/aux-cache", "x") == "ldconfig-cache");
    BOOST_TEST(code("root/.cache/pip/x", "x") == "cache");
    BOOST_TEST(code("etc/ssh/ssh_host_rsa_key", "x") == "key");
    BOOST_TEST(code("var/lib/dpkg/status", "x") == "");
}

BOOST_AUTO_TEST_CASE(the_time_of_the_build_is_found)
{
    BOOST_TEST(code("a", "built 1795600900.") == "build-time");
    BOOST_TEST(code("a", "built 17956009001") == "");
    BOOST_TEST(code("a", "built 1695600900") == "");
    BOOST_TEST(code("a", "on 2026-11-25") == "build-time");
    BOOST_TEST(code("a", "Nov 25 2026") == "build-time");
    BOOST_TEST(code("a", "Wed Nov 25 10:01:02 UTC 2026") == "build-time");
    BOOST_TEST(code("a", "Nov 25 apples") == "");
}

BOOST_AUTO_TEST_CASE(headers_with_times_are_found)
{
    BOOST_TEST(code("a.gz", std::string_view{"\x1f\x8b\x08\0\1\0\0\0\0\3", 10}) == "gzip-time");
    BOOST_TEST(code("a.gz", std::string_view{"\x1f\x8b\x08\0\0\0\0\0\0\3", 10}) == "");
    BOOST_TEST(code("a.a", "!<arch>\nx.o/            1700000000  0     0     644     0         `\n") ==
               "ar-times");
    BOOST_TEST(code("a.a", "!<arch>\nx.o/            0           0     0     644     0         `\n") == "");
    BOOST_TEST(code("x.pyc", std::string_view{"\x6f\x0d\r\n\0\0\0\0\xff\xff\xff\x7f\0\0\0\0", 16}) ==
               "pyc-time");
}

BOOST_AUTO_TEST_CASE(the_name_of_the_host_is_found)
{
    BOOST_TEST(code("a", "made on builder-17 by") == "host-name");
    BOOST_TEST(suspect("a", "made on localhost", {build.started, build.finished, "localhost"}).code == "");
}

BOOST_AUTO_TEST_CASE(a_layer_is_searched_and_each_kind_comes_first)
{
    const auto image = make({{test::file("var/log/a", "x"), test::file("var/log/b", "x"),
                              test::file("y", "2026-11-25"), test::file("z", "nothing")}});
    const auto found = find_variance(image.layers.front(), build, 2, {});
    BOOST_REQUIRE(found.size() == 2);
    BOOST_TEST(found[0].path == "var/log/a");
    BOOST_TEST(found[1].path == "y");
}

BOOST_AUTO_TEST_SUITE_END()
