#include "cli/metadata.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

Digest digest(char digit)
{
    return Digest::parse("sha256:" + std::string(64, digit));
}

ImageMetadata metadata()
{
    return {.descriptor = {.media_type = oci::MediaType::oci_manifest, .digest = digest('a'), .size = 7},
            .config_digest = digest('b'),
            .names = {oci::Reference::parse("localhost:5000/a:1"), oci::Reference::parse("x")}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(metadata_file)

BOOST_AUTO_TEST_CASE(it_has_the_keys_of_buildx)
{
    const auto expected = "{\n"
                          "  \"containerimage.config.digest\": \"" +
                          digest('b').str() +
                          "\",\n"
                          "  \"containerimage.descriptor\": {\n"
                          "    \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n"
                          "    \"digest\": \"" +
                          digest('a').str() +
                          "\",\n"
                          "    \"size\": 7\n"
                          "  },\n"
                          "  \"containerimage.digest\": \"" +
                          digest('a').str() +
                          "\",\n"
                          "  \"image.name\": \"localhost:5000/a:1,docker.io/library/x:latest\"\n"
                          "}\n";
    BOOST_TEST(metadata_json(metadata()) == expected);
}

BOOST_AUTO_TEST_CASE(the_id_is_the_configs_digest)
{
    BOOST_TEST(image_id(metadata()).str() == digest('b').str());
}

BOOST_AUTO_TEST_CASE(the_id_of_an_index_is_its_own_digest)
{
    auto index = metadata();
    index.config_digest.reset();
    BOOST_TEST(image_id(index).str() == digest('a').str());
    BOOST_TEST(metadata_json(index).find("config.digest") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_image_without_a_name_says_none)
{
    auto nameless = metadata();
    nameless.names.clear();
    BOOST_TEST(metadata_json(nameless).find("image.name") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
