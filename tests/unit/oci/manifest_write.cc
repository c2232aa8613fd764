#include "io/hash.hh"
#include "oci/json.hh"

#include <boost/test/unit_test.hpp>

using namespace mica::oci;
using mica::Digest;

namespace {

const Digest a = Digest::parse("sha256:" + std::string(64, 'a'));
const Digest b = Digest::parse("sha256:" + std::string(64, 'b'));

Descriptor config()
{
    return {.media_type = MediaType::oci_config, .digest = a, .size = 7};
}
Descriptor layer()
{
    return {.media_type = MediaType::oci_layer_gzip, .digest = b, .size = 9};
}

const std::string a_text = R"("digest":"sha256:)" + std::string(64, 'a') + R"(","size":7)";
const std::string b_text = R"("digest":"sha256:)" + std::string(64, 'b') + R"(","size":9)";

} // namespace

BOOST_AUTO_TEST_SUITE(manifest_write)

BOOST_AUTO_TEST_CASE(a_manifest_has_the_keys_in_the_order_of_the_spec)
{
    const Manifest manifest{.media_type = MediaType::oci_manifest,
                            .config = config(),
                            .layers = {layer()},
                            .annotations = {{"z", "1"}, {"a", "2"}}};
    BOOST_TEST(to_json(manifest) ==
               R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
               R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" +
                   a_text +
                   R"(},)"
                   R"("layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",)" +
                   b_text +
                   R"(}],)"
                   R"("annotations":{"a":"2","z":"1"}})");
}

BOOST_AUTO_TEST_CASE(no_layers_are_an_empty_array)
{
    const Manifest manifest{.media_type = MediaType::docker_manifest, .config = config(), .layers = {}};
    BOOST_TEST(to_json(manifest).ends_with(R"("layers":[]})"));
}

BOOST_AUTO_TEST_CASE(an_index_of_nothing_has_an_empty_array)
{
    BOOST_TEST(
        to_json(Index{.media_type = MediaType::docker_list, .manifests = {}}) ==
        R"({"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[]})");
}

BOOST_AUTO_TEST_CASE(a_descriptor_has_every_field_in_order)
{
    Descriptor full = layer();
    full.media_type = MediaType::other;
    full.other_media_type = "text/x";
    full.urls = {"https://u"};
    full.annotations = {{"k", "v"}};
    full.platform = Platform{
        .os = "linux", .architecture = "arm", .variant = "v7", .os_version = "1", .os_features = {"f"}};
    full.artifact_type = "text/y";
    BOOST_TEST(
        to_json(Index{.media_type = MediaType::oci_index, .manifests = {full}}) ==
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"text/x",)" +
            b_text +
            R"(,"urls":["https://u"],"annotations":{"k":"v"},"platform":{"architecture":"arm","os":"linux",)"
            R"("os.version":"1","os.features":["f"],"variant":"v7"},"artifactType":"text/y"}]})");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_replaced)
{
    const Manifest manifest{.media_type = MediaType::oci_manifest,
                            .config = config(),
                            .layers = {},
                            .annotations = {{"k", "\xff"}}};
    BOOST_TEST(to_json(manifest).ends_with("\"annotations\":{\"k\":\"\xef\xbf\xbd\"}}"));
}

BOOST_AUTO_TEST_SUITE_END()
