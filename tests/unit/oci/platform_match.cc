#include "io/hash.hh"
#include "oci/platform.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace data = boost::unit_test::data;
using mica::oci::choose;
using mica::oci::Descriptor;
using mica::oci::format_platform;
using mica::oci::MediaType;
using mica::oci::parse_platform;
using mica::oci::Platform;
using mica::oci::satisfies;

namespace {

struct Fit {
    std::string have, want;
    bool fits;
    friend std::ostream &operator<<(std::ostream &out, const Fit &f)
    {
        return out << f.have << " for " << f.want;
    }
};

const std::vector<Fit> fits{
    {"linux/amd64", "linux/amd64", true},
    {"linux/amd64", "linux/arm64", false},
    {"windows/amd64", "linux/amd64", false},
    {"linux/amd64", "linux/amd64/v3", true},
    {"linux/amd64/v2", "linux/amd64/v3", true},
    {"linux/amd64/v3", "linux/amd64/v2", false},
    {"linux/amd64/v3", "linux/amd64", false},
    {"linux/386", "linux/amd64", false},
    {"linux/arm/v6", "linux/arm/v7", true},
    {"linux/arm/v5", "linux/arm", true},
    {"linux/arm/v7", "linux/arm/v6", false},
    {"linux/arm/v8", "linux/arm/v7", false},
    {"linux/arm/v7", "linux/arm64", false},
    {"linux/arm64/v8", "linux/arm64", true},
    {"linux/arm64", "linux/arm64/v8.2", true},
    {"linux/arm64/v8.3", "linux/arm64/v8.2", false},
    {"linux/arm64", "linux/arm64/v9", true},
    {"linux/arm64/v8.5", "linux/arm64/v9", true},
    {"linux/arm64/v8.6", "linux/arm64/v9", false},
    {"linux/arm64/v8.6", "linux/arm64/v9.1", true},
    {"linux/arm64/v9", "linux/arm64", false},
    {"linux/mips/x", "linux/mips/x", true},
    {"linux/mips/x", "linux/mips/y", false},
    {"linux/ppc64le/v1", "linux/ppc64le/v2", false},
    {"windows(10.0.1.5)/amd64", "windows(10.0.1)/amd64", true},
    {"windows(10.0.15)/amd64", "windows(10.0.1)/amd64", false},
    {"windows(10.0.1)/amd64", "windows/amd64", true},
    {"windows(1+win32k)/amd64", "windows(1)/amd64", true},
    {"linux(+erofs)/amd64", "linux/amd64", false},
    {"linux(+erofs)/amd64", "linux(+erofs+x)/amd64", true},
};

Descriptor entry(const std::string &platform, const std::string &content = {})
{
    return {.media_type = MediaType::oci_manifest,
            .digest = mica::sha256(platform + content),
            .size = 1,
            .platform = parse_platform(platform)};
}

std::string chosen(const std::vector<Descriptor> &entries, const std::string &want)
{
    const auto found = choose(entries, parse_platform(want));
    if (!found)
        return "none";
    return found->platform ? format_platform(*found->platform) : "unnamed";
}

} // namespace

BOOST_AUTO_TEST_SUITE(platform_match)

BOOST_DATA_TEST_CASE(fits_or_not, data::make(fits), f)
{
    BOOST_TEST(satisfies(parse_platform(f.have), parse_platform(f.want)) == f.fits);
}

BOOST_AUTO_TEST_CASE(the_exact_variant_wins)
{
    const std::vector entries{entry("linux/arm/v5"), entry("linux/arm/v7"), entry("linux/arm/v6")};
    BOOST_TEST(chosen(entries, "linux/arm/v7") == "linux/arm/v7");
    BOOST_TEST(chosen(entries, "linux/arm/v6") == "linux/arm/v6");
}

BOOST_AUTO_TEST_CASE(then_the_nearest_older_one)
{
    const std::vector entries{entry("linux/arm/v5"), entry("linux/arm/v6"), entry("linux/amd64")};
    BOOST_TEST(chosen(entries, "linux/arm/v7") == "linux/arm/v6");
    BOOST_TEST(chosen(entries, "linux/amd64/v3") == "linux/amd64");
}

BOOST_AUTO_TEST_CASE(an_armv9_prefers_v9_to_v8)
{
    const std::vector entries{entry("linux/arm64/v8.5"), entry("linux/arm64"), entry("linux/arm64/v9")};
    BOOST_TEST(chosen(entries, "linux/arm64/v9.1") == "linux/arm64/v9");
}

BOOST_AUTO_TEST_CASE(of_equals_the_first)
{
    const std::vector entries{entry("linux/amd64", "1"), entry("linux/amd64", "2")};
    BOOST_TEST((choose(entries, parse_platform("linux/amd64"))->digest == entries[0].digest));
}

BOOST_AUTO_TEST_CASE(none_fits)
{
    BOOST_TEST(chosen({entry("linux/amd64")}, "linux/arm64") == "none");
    BOOST_TEST(chosen({}, "linux/arm64") == "none");
}

BOOST_AUTO_TEST_CASE(attestations_are_no_images)
{
    auto attestation = entry("linux/amd64", "attestation");
    attestation.annotations["vnd.docker.reference.type"] = "attestation-manifest";
    auto unknown = entry("linux/amd64", "unknown");
    unknown.platform = Platform{.os = "unknown", .architecture = "unknown"};
    BOOST_TEST(chosen({attestation, unknown}, "linux/amd64") == "none");
    BOOST_TEST(chosen({attestation, unknown, entry("linux/amd64")}, "linux/amd64") == "linux/amd64");
}

BOOST_AUTO_TEST_CASE(artifacts_are_no_images)
{
    auto artifact = entry("linux/amd64");
    artifact.artifact_type = "application/vnd.example.sbom+json";
    BOOST_TEST(chosen({artifact}, "linux/amd64") == "none");
    artifact.artifact_type = "application/vnd.oci.image.config.v1+json";
    BOOST_TEST(chosen({artifact}, "linux/amd64") == "linux/amd64");
}

BOOST_AUTO_TEST_CASE(who_names_no_platform_comes_last)
{
    auto unnamed = entry("linux/amd64", "unnamed");
    unnamed.platform.reset();
    BOOST_TEST(chosen({unnamed, entry("linux/amd64")}, "linux/amd64") == "linux/amd64");
    BOOST_TEST(chosen({unnamed, entry("linux/arm64")}, "linux/amd64") == "unnamed");
}

BOOST_AUTO_TEST_CASE(a_layer_is_no_image)
{
    auto layer = entry("linux/amd64");
    layer.media_type = MediaType::oci_layer_gzip;
    BOOST_TEST(chosen({layer}, "linux/amd64") == "none");
}

BOOST_AUTO_TEST_CASE(the_platform_in_the_index_is_normalised_for_the_choice)
{
    auto raw = entry("linux/arm64");
    raw.platform->architecture = "aarch64";
    raw.platform->variant = "8";
    BOOST_TEST(choose(std::vector{raw}, parse_platform("linux/arm64")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
