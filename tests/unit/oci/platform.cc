#include "oci/platform.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace data = boost::unit_test::data;
using mica::ErrorKind;
using mica::oci::format_platform;
using mica::oci::host_platform;
using mica::oci::parse_platform;
using mica::oci::Platform;

namespace {

struct Case {
    std::string text, normal;
    friend std::ostream &operator<<(std::ostream &out, const Case &c) { return out << c.text; }
};

const std::vector<Case> good{
    {"linux/amd64", "linux/amd64"},
    {"linux/x86_64", "linux/amd64"},
    {"linux/x86-64", "linux/amd64"},
    {"Linux/AMD64", "linux/amd64"},
    {"linux/amd64/v1", "linux/amd64"},
    {"linux/amd64/v3", "linux/amd64/v3"},
    {"linux/i386", "linux/386"},
    {"linux/arm64", "linux/arm64"},
    {"linux/aarch64", "linux/arm64"},
    {"linux/arm64/v8", "linux/arm64"},
    {"linux/arm64/8", "linux/arm64"},
    {"linux/arm64/v8.2", "linux/arm64/v8.2"},
    {"linux/arm64/v9.0", "linux/arm64/v9"},
    {"linux/arm", "linux/arm/v7"},
    {"linux/arm/7", "linux/arm/v7"},
    {"linux/arm/v6", "linux/arm/v6"},
    {"linux/armhf", "linux/arm/v7"},
    {"linux/armel", "linux/arm/v6"},
    {"linux/riscv64", "linux/riscv64"},
    {"macos/arm64", "darwin/arm64"},
    {"arm64", "linux/arm64"},
    {"armhf", "linux/arm/v7"},
    {"s390x", "linux/s390x"},
    {"windows(10.0.17763)/amd64", "windows(10.0.17763)/amd64"},
    {"windows(10.0.1+win32k)/amd64", "windows(10.0.1+win32k)/amd64"},
    {"wasi/wasm", "wasi/wasm"},
};

const std::vector<std::string> bad{
    "",         "linux/",    "/amd64",       "linux/amd64/v1/x", "linux//v1",         "linux/am*",    "*",
    "nonsense", "linux/a b", "win(10/amd64", "li nux/x",         "windows(1+)/amd64", "linux/amd64\n"};

} // namespace

BOOST_AUTO_TEST_SUITE(platform)

BOOST_DATA_TEST_CASE(is_normalised, data::make(good), c)
{
    BOOST_TEST(format_platform(parse_platform(c.text)) == c.normal);
}

BOOST_DATA_TEST_CASE(its_text_means_the_same, data::make(good), c)
{
    const auto platform = parse_platform(c.text);
    BOOST_TEST((parse_platform(format_platform(platform)) == platform));
}

BOOST_DATA_TEST_CASE(what_is_none_is_refused, data::make(bad), text)
{
    BOOST_TEST(mica::test::kind_of([&] { (void)parse_platform(text); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(local_is_this_machine)
{
    BOOST_TEST((parse_platform("local") == host_platform()));
}

BOOST_AUTO_TEST_CASE(an_operating_system_alone_is_of_this_architecture)
{
    BOOST_TEST(parse_platform("windows").os == "windows");
    BOOST_TEST(parse_platform("windows").architecture == host_platform().architecture);
}

BOOST_AUTO_TEST_CASE(the_host_is_known)
{
    const auto host = host_platform();
    BOOST_TEST(host.os == "linux");
    BOOST_TEST((parse_platform(format_platform(host)) == host));
}

BOOST_AUTO_TEST_CASE(features_are_a_set)
{
    const auto platform = mica::oci::normalize(
        Platform{.os = "linux", .architecture = "amd64", .os_features = {"b", "a", "b"}});
    BOOST_TEST((platform.os_features == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(no_operating_system_prints_as_unknown)
{
    BOOST_TEST(format_platform(Platform{}) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
