#include "oci/image.hh"

#include "oci/json.hh"
#include "support/errors.hh"
#include "support/memory_store.hh"
#include "unit/oci/stored.hh"
#include <boost/test/unit_test.hpp>

using namespace mica::oci;
using mica::Digest;
using mica::ErrorKind;
using mica::sha256;
using mica::test::kind_of;
using mica::test::MemoryStore;
using mica::test::store_blob;

namespace {

Image image_of(MediaType layer_type)
{
    const auto store = std::make_shared<MemoryStore>();
    Image image;
    image.config.platform = {.os = "linux", .architecture = "amd64"};
    image.layers.push_back({Layer{sha256("tar"), store_blob(*store, layer_type, "blob")}, store});
    return image;
}

Manifest manifest_of(const Image &image)
{
    return std::get<Manifest>(parse_manifest(encode(image).manifest_json));
}

} // namespace

BOOST_AUTO_TEST_SUITE(image)

BOOST_AUTO_TEST_CASE(descriptors_name_the_bytes)
{
    const auto encoded = encode(image_of(MediaType::oci_layer_gzip));
    BOOST_TEST((encoded.manifest.digest == sha256(encoded.manifest_json)));
    BOOST_TEST(encoded.manifest.size == encoded.manifest_json.size());
    BOOST_TEST((encoded.config.digest == sha256(encoded.config_json)));
    BOOST_TEST((std::get<Manifest>(parse_manifest(encoded.manifest_json)).config == encoded.config));
}

BOOST_AUTO_TEST_CASE(the_manifest_s_descriptor_has_the_platform)
{
    BOOST_TEST(encode(image_of(MediaType::oci_layer)).manifest.platform.value().architecture == "amd64");
}

BOOST_AUTO_TEST_CASE(the_config_names_the_layers)
{
    const auto config = parse_image_config(encode(image_of(MediaType::oci_layer)).config_json);
    BOOST_TEST((config.diff_ids == std::vector{sha256("tar")}));
}

BOOST_AUTO_TEST_CASE(a_config_that_names_others_is_a_mistake)
{
    auto image = image_of(MediaType::oci_layer);
    image.config.diff_ids = {sha256("tar")};
    BOOST_CHECK_NO_THROW((void)encode(image));
    image.config.diff_ids = {sha256("other")};
    BOOST_TEST(kind_of([&] { (void)encode(image); }) == ErrorKind::internal);
}

BOOST_AUTO_TEST_CASE(docker_types_are_written_throughout)
{
    auto image = image_of(MediaType::oci_layer_gzip);
    image.docker_types = true;
    const auto manifest = manifest_of(image);
    BOOST_TEST((manifest.media_type == MediaType::docker_manifest));
    BOOST_TEST((manifest.config.media_type == MediaType::docker_config));
    BOOST_TEST((manifest.layers[0].media_type == MediaType::docker_layer_gzip));
}

BOOST_AUTO_TEST_CASE(oci_types_are_written_throughout)
{
    const auto manifest = manifest_of(image_of(MediaType::docker_layer_gzip));
    BOOST_TEST((manifest.media_type == MediaType::oci_manifest));
    BOOST_TEST((manifest.layers[0].media_type == MediaType::oci_layer_gzip));
    BOOST_TEST((manifest_of(image_of(MediaType::docker_layer)).layers[0].media_type == MediaType::oci_layer));
    BOOST_TEST((manifest_of(image_of(MediaType::docker_foreign_layer_gzip)).layers[0].media_type ==
                MediaType::oci_foreign_layer_gzip));
}

BOOST_AUTO_TEST_CASE(docker_has_no_zstd)
{
    auto image = image_of(MediaType::oci_layer_zstd);
    BOOST_CHECK_NO_THROW((void)encode(image));
    image.docker_types = true;
    BOOST_TEST(kind_of([&] { (void)encode(image); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(docker_has_no_annotations)
{
    auto image = image_of(MediaType::oci_layer);
    image.annotations = {{"k", "v"}};
    BOOST_TEST((manifest_of(image).annotations == image.annotations));
    image.docker_types = true;
    BOOST_TEST(kind_of([&] { (void)encode(image); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(private_notes_of_other_builders_stay_at_home)
{
    auto image = image_of(MediaType::oci_layer);
    image.layers[0].layer.blob.annotations = {{"containerd.io/uncompressed", "x"},
                                              {"containerd.io/distribution.source.docker.io", "x"},
                                              {"kept", "x"}};
    BOOST_TEST((manifest_of(image).layers[0].annotations == Annotations{{"kept", "x"}}));
}

BOOST_AUTO_TEST_CASE(equal_images_have_equal_bytes)
{
    BOOST_TEST(encode(image_of(MediaType::oci_layer)).manifest_json ==
               encode(image_of(MediaType::oci_layer)).manifest_json);
}

BOOST_AUTO_TEST_CASE(an_index_names_its_images)
{
    const std::vector images{encode(image_of(MediaType::oci_layer)),
                             encode(image_of(MediaType::oci_layer_gzip))};
    const auto raw = encode_index(images, false, {{"k", "v"}});
    const auto index = std::get<Index>(parse_manifest(raw.json));
    BOOST_TEST((index.manifests == std::vector{images[0].manifest, images[1].manifest}));
    BOOST_TEST((index.annotations == Annotations{{"k", "v"}}));
    BOOST_TEST((raw.descriptor.digest == sha256(raw.json)));
    BOOST_TEST((encode_index(images, true).descriptor.media_type == MediaType::docker_list));
}

BOOST_AUTO_TEST_CASE(an_image_is_assembled_from_its_documents)
{
    const auto image = image_of(MediaType::oci_layer);
    const auto encoded = encode(image);
    const auto again =
        assemble(manifest_of(image), parse_image_config(encoded.config_json), image.layers[0].blobs);
    BOOST_TEST(encode(again).manifest_json == encoded.manifest_json);
}

BOOST_AUTO_TEST_CASE(documents_that_differ_in_layers_are_refused)
{
    const auto image = image_of(MediaType::oci_layer);
    auto config = parse_image_config(encode(image).config_json);
    config.diff_ids.push_back(sha256("more"));
    BOOST_TEST(kind_of([&] { (void)assemble(manifest_of(image), config, image.layers[0].blobs); }) ==
               ErrorKind::integrity);
}

BOOST_AUTO_TEST_SUITE_END()
