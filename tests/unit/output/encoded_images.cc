#include "output/encoded_images.hh"

#include "oci/json.hh"
#include "support/errors.hh"
#include "unit/output/images.hh"
#include <boost/test/unit_test.hpp>

using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
namespace oci = mica::oci;

namespace {

struct Fixture {
    ImageMaker maker;
    oci::Image one = maker.make({{file("a", "1")}, {file("b", "2")}});
    oci::Image other = maker.make({{file("a", "1")}, {file("c", "3")}}, "linux/arm64");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(encoded_images, Fixture)

BOOST_AUTO_TEST_CASE(one_image_stands_for_itself)
{
    const auto images = encoded({one});
    BOOST_TEST((images.top() == images.documents[0].manifest));
    BOOST_TEST(!images.index.has_value());
}

BOOST_AUTO_TEST_CASE(several_stand_as_an_index_with_their_platforms)
{
    const auto images = encoded({one, other});
    BOOST_TEST((images.top().media_type == oci::MediaType::oci_index));
    const auto index = std::get<oci::Index>(oci::parse_manifest(images.index->json));
    BOOST_TEST(index.manifests.size() == 2U);
    BOOST_TEST(index.manifests[1].platform.value().architecture == "arm64");
}

BOOST_AUTO_TEST_CASE(one_platform_may_be_an_index_if_asked_for)
{
    BOOST_TEST(encode_all({{one}, true}, {}).index.has_value());
}

BOOST_AUTO_TEST_CASE(the_output_decides_on_the_media_types)
{
    one.docker_types = true; // of the base, say
    BOOST_TEST((encoded({one}).top().media_type == oci::MediaType::oci_manifest));
    BOOST_TEST((encoded({one}, OutputType::docker).top().media_type == oci::MediaType::docker_manifest));
    OutputSpec spec;
    spec.oci_media_types = false;
    BOOST_TEST((encode_all({{one, other}, true}, spec).top().media_type == oci::MediaType::docker_list));
}

BOOST_AUTO_TEST_CASE(the_output_s_annotations_are_added)
{
    one.annotations = {{"a", "old"}, {"b", "kept"}};
    OutputSpec spec;
    spec.annotations = {{"a", "new"}};
    spec.index_annotations = {{"i", "1"}};
    const auto images = encode_all({{one}, true}, spec);
    const auto manifest = std::get<oci::Manifest>(oci::parse_manifest(images.documents[0].manifest_json));
    BOOST_TEST((manifest.annotations == oci::Annotations{{"a", "new"}, {"b", "kept"}}));
    BOOST_TEST((std::get<oci::Index>(oci::parse_manifest(images.index->json)).annotations ==
                spec.index_annotations));
}

BOOST_AUTO_TEST_CASE(an_index_that_is_not_made_cannot_be_annotated)
{
    OutputSpec spec;
    spec.index_annotations = {{"i", "1"}};
    BOOST_TEST(kind_of([&] { (void)encode_all({{one}, false}, spec); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_docker_archive_has_one_platform)
{
    OutputSpec spec;
    spec.type = OutputType::docker;
    BOOST_TEST(kind_of([&] { (void)encode_all({{one, other}, true}, spec); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(every_blob_comes_once_and_before_what_names_it)
{
    const auto images = encoded({one, other});
    const auto blobs = blobs_of(images, false);
    BOOST_TEST(blobs.size() == 3U + 2U + 2U + 1U); // one layer is shared
    BOOST_TEST((blobs.back().descriptor == images.top()));
    std::uint64_t sum = 0;
    for (const auto &blob : blobs) {
        const auto bytes = read_all(*blob.open({}));
        BOOST_TEST((mica::sha256(bytes) == blob.descriptor.digest));
        sum += bytes.size();
    }
    BOOST_TEST(total_size(blobs) == sum);
}

BOOST_AUTO_TEST_CASE(foreign_layers_are_left_where_they_are)
{
    auto &layer = one.layers[0].layer.blob;
    layer.media_type = oci::MediaType::docker_foreign_layer_gzip;
    layer.urls = {"https://example/layer"};
    BOOST_TEST(blobs_of(encoded({one}), false).size() == 3U);
    BOOST_TEST(blobs_of(encoded({one}), true).size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
