#include "verify/provenance.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mica;
using namespace mica::verify;

namespace {

Provenance sample()
{
    Provenance provenance;
    provenance.dockerfile_name = "Dockerfile";
    provenance.dockerfile = "FROM alpine\n";
    provenance.build_args = {{"TOKEN", "x"}};
    provenance.labels = {{"a", "b"}};
    provenance.target = "app";
    provenance.platform = "linux/amd64";
    provenance.epoch = 100;
    provenance.reproducible = true;
    provenance.compression = "gzip";
    provenance.materials = {{"alpine", "pkg:docker/alpine@3", "sha256:" + std::string(64, 'a')},
                            {"https://x/y.git", "git+https://x/y.git", std::string(40, 'b')}};
    provenance.version = "0.1.0";
    provenance.started = provenance.finished = from_unix(100);
    return provenance;
}

} // namespace

BOOST_AUTO_TEST_SUITE(provenance)

BOOST_AUTO_TEST_CASE(what_is_written_is_read)
{
    const auto read = parse_provenance(provenance_json(sample(), ProvenanceMode::max));
    BOOST_TEST(provenance_json(read, ProvenanceMode::max) == provenance_json(sample(), ProvenanceMode::max));
    BOOST_TEST(read.build_args.at("TOKEN") == "x");
    BOOST_TEST(read.epoch.value() == 100);
    BOOST_TEST((read.materials == sample().materials));
}

BOOST_AUTO_TEST_CASE(the_small_form_has_no_values_and_no_text)
{
    const auto json = provenance_json(sample(), ProvenanceMode::min);
    BOOST_TEST(json.find("TOKEN") == std::string::npos);
    BOOST_TEST(json.find("FROM alpine") == std::string::npos);
    BOOST_TEST(!parse_provenance(json).dockerfile);
}

BOOST_AUTO_TEST_CASE(it_has_what_slsa_demands)
{
    const auto json = nlohmann::json::parse(provenance_json(sample(), ProvenanceMode::max));
    const auto &definition = json.at("buildDefinition");
    BOOST_TEST(definition.at("buildType").is_string());
    BOOST_TEST(definition.at("externalParameters").is_object());
    BOOST_TEST(definition.at("resolvedDependencies").at(0).at("digest").at("sha256") == std::string(64, 'a'));
    BOOST_TEST(definition.at("resolvedDependencies").at(1).at("digest").at("gitCommit") ==
               std::string(40, 'b'));
    BOOST_TEST(json.at("runDetails").at("builder").at("id").is_string());
    BOOST_TEST(json.at("runDetails").at("metadata").at("startedOn") == "1970-01-01T00:01:40Z");
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused)
{
    for (const char *json :
         {"", "[]", "{}", R"({"buildDefinition":[]})", R"({"buildDefinition":{"buildType":"x"}})",
          R"({"buildDefinition":{"buildType":"urn:mica:dockerfile-build:v1"}})"})
        BOOST_CHECK_THROW(static_cast<void>(parse_provenance(json)), Error);
}

BOOST_AUTO_TEST_SUITE_END()
