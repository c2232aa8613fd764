#include "output/attestations.hh"

#include "images.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mica;
using namespace mica::output;

namespace {

EncodedImages attested(oci::Image image, const OutputSpec &spec = {})
{
    BuiltImages built{{std::move(image)}, false, {}};
    built.attestations = {{0, "https://slsa.dev/provenance/v1", R"({"a":1})"},
                          {0, "https://spdx.dev/Document", R"({"b":2})"}};
    return encode_all(built, spec);
}

OutputSpec oci_output()
{
    OutputSpec spec;
    spec.type = OutputType::oci;
    return spec;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(attestations, test::ImageMaker)

BOOST_AUTO_TEST_CASE(one_image_gets_an_index_with_its_attestations)
{
    const auto images = attested(make({{test::file("a", "x")}}), oci_output());
    BOOST_REQUIRE(images.index);
    const auto index = nlohmann::json::parse(images.index->json);
    BOOST_REQUIRE(index.at("manifests").size() == 2);
    const auto &entry = index.at("manifests").at(1);
    BOOST_TEST(entry.at("platform").at("os") == "unknown");
    BOOST_TEST(entry.at("annotations").at("vnd.docker.reference.type") == "attestation-manifest");
    BOOST_TEST(entry.at("annotations").at("vnd.docker.reference.digest") ==
               index.at("manifests").at(0).at("digest"));
}

BOOST_AUTO_TEST_CASE(a_statement_is_about_the_image)
{
    auto spec = oci_output();
    spec.names = {oci::Reference::parse("example.test/a:1")};
    const auto images = attested(make({{test::file("a", "x")}}), spec);
    const auto &carrier = images.images.back();
    BOOST_REQUIRE(carrier.layers.size() == 2);
    const auto &layer = carrier.layers.front();
    BOOST_TEST(layer.layer.blob.annotations.at("in-toto.io/predicate-type") ==
               "https://slsa.dev/provenance/v1");
    const auto statement = nlohmann::json::parse(read_all(*layer.blobs->open(layer.layer.blob, {})));
    BOOST_TEST(statement.at("_type") == "https://in-toto.io/Statement/v1");
    BOOST_TEST(statement.at("subject").at(0).at("digest").at("sha256") ==
               images.documents.front().manifest.digest.hex());
    BOOST_TEST(statement.at("subject").at(0).at("name") ==
               "pkg:docker/example.test/a@1?platform=linux%2Famd64");
    BOOST_TEST(statement.at("predicate").at("a") == 1);
}

BOOST_AUTO_TEST_CASE(the_manifest_has_the_image_as_subject)
{
    const auto images = attested(make({{test::file("a", "x")}}), oci_output());
    const auto manifest = nlohmann::json::parse(images.documents.back().manifest_json);
    BOOST_TEST(manifest.at("subject").at("digest") == images.documents.front().manifest.digest.str());
    BOOST_TEST(manifest.at("config").at("digest") == images.documents.back().config.digest.str());
}

BOOST_AUTO_TEST_CASE(their_blobs_are_written_with_the_image)
{
    const auto images = attested(make({{test::file("a", "x")}}), oci_output());
    BOOST_TEST(blobs_of(images, false).size() ==
               1U + 2U + 2U + 2U + 1U); // layer, statements, configs, manifests, index
}

BOOST_AUTO_TEST_CASE(docker_archives_have_none)
{
    OutputSpec spec;
    spec.type = OutputType::docker;
    BOOST_TEST(!attested(make({{test::file("a", "x")}}), spec).index);
}

BOOST_AUTO_TEST_CASE(docker_types_are_refused)
{
    auto spec = oci_output();
    spec.oci_media_types = false;
    BOOST_CHECK_THROW(attested(make({{test::file("a", "x")}}), spec), Error);
}

BOOST_AUTO_TEST_SUITE_END()
