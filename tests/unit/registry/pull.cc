#include "registry/pull.hh"

#include "fixture.hh"
#include "oci/json.hh"

using namespace mica;
using namespace mica::test;

namespace {

const oci::Platform amd64{.os = "linux", .architecture = "amd64"};
const oci::Platform arm64{.os = "linux", .architecture = "arm64"};
const std::string index_type = "application/vnd.oci.image.index.v1+json";
const std::string manifest_type = "application/vnd.oci.image.manifest.v1+json";

/// An image of one layer in the fake; returns its manifest's descriptor.
oci::Descriptor add_image(FakeRegistry &fake, const oci::Platform &platform, const std::string &tag = "")
{
    MemoryBlobs blobs;
    oci::Image image;
    const auto bytes = pattern(1000, static_cast<unsigned>(platform.architecture.size()));
    const auto blob = blobs.add(bytes);
    image.config.platform = platform;
    image.config.diff_ids = {blob.digest};
    image.layers = {{{blob.digest, blob}, nullptr}};
    const auto encoded = oci::encode(image);
    fake.add_blob("a", bytes);
    fake.add_blob("a", encoded.config_json);
    fake.add_manifest("a", tag, encoded.manifest_json, manifest_type);
    auto descriptor = encoded.manifest;
    descriptor.platform = platform;
    return descriptor;
}

void add_index(FakeRegistry &fake, const std::vector<oci::Descriptor> &manifests)
{
    const auto json =
        oci::to_json(oci::Index{.media_type = oci::MediaType::oci_index, .manifests = manifests});
    fake.add_manifest("a", "1", json, index_type);
}

} // namespace

BOOST_AUTO_TEST_CASE(no_such_image)
{
    Fixture f;
    BOOST_TEST(!registry::pull(*f.client, f.image("a:1"), amd64, {}).has_value());
}

BOOST_AUTO_TEST_CASE(an_index_is_resolved_to_the_platform)
{
    Fixture f;
    const auto small = add_image(f.registry, amd64);
    auto large = add_image(f.registry, {.os = "linux", .architecture = "riscv64"});
    add_index(f.registry, {small, large});
    const auto pulled =
        registry::pull(*f.client, f.image("a:1"), {.os = "linux", .architecture = "riscv64"}, {});
    BOOST_REQUIRE(pulled.has_value());
    BOOST_TEST(pulled->descriptor.digest.str() == large.digest.str());
    BOOST_TEST(pulled->pinned.digest()->str() != large.digest.str());
    BOOST_TEST(pulled->image.config.platform.architecture == "riscv64");
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_not_there_is_told_with_those_that_are)
{
    Fixture f;
    add_index(f.registry, {add_image(f.registry, amd64)});
    const auto error =
        error_of([&] { static_cast<void>(registry::pull(*f.client, f.image("a:1"), arm64, {})); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(says(error, "linux/amd64"));
}

BOOST_AUTO_TEST_CASE(no_layer_is_read_by_a_pull)
{
    Fixture f;
    add_image(f.registry, amd64, "1");
    BOOST_TEST(registry::pull(*f.client, f.image("a:1"), amd64, {}).has_value());
    BOOST_TEST(f.registry.log().size() == 2U); // manifest, config
}

BOOST_AUTO_TEST_CASE(an_index_with_a_missing_child)
{
    Fixture f;
    auto child = add_image(f.registry, amd64);
    child.digest = sha256("gone");
    add_index(f.registry, {child});
    const auto error =
        error_of([&] { static_cast<void>(registry::pull(*f.client, f.image("a:1"), amd64, {})); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
}
