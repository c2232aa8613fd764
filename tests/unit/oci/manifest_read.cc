#include "oci/json.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace data = boost::unit_test::data;
using namespace mica::oci;
using mica::Digest;
using mica::ErrorKind;
using mica::test::contains;
using mica::test::error_of;
using mica::test::kind_of;

namespace {

const std::string digest_text = "sha256:" + std::string(64, 'a');
const std::string config_text =
    R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" + digest_text + R"(","size":7})";

std::string manifest_with(const std::string &rest)
{
    return R"({"schemaVersion":2,"config":)" + config_text + R"(,"layers":[])" + rest + "}";
}

std::string index_with(const std::string &entry)
{
    return R"({"schemaVersion":2,"manifests":[)" + entry + "]}";
}

constexpr std::string_view oci_manifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view oci_index = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";

struct Broken {
    std::string text;
    ErrorKind kind;
    std::string says;
    friend std::ostream &operator<<(std::ostream &out, const Broken &b)
    {
        return out << b.text.substr(0, 120);
    }
};

std::string entry(const std::string &size, const std::string &digest = digest_text,
                  const std::string &rest = "")
{
    return R"({"mediaType":"x/y","digest":")" + digest + R"(","size":)" + size + rest + "}";
}

const std::vector<Broken> broken{
    {"", ErrorKind::integrity, "not JSON"},
    {"{", ErrorKind::integrity, "not JSON"},
    {"[]", ErrorKind::integrity, "not a JSON object"},
    {"{}", ErrorKind::integrity, "schemaVersion"},
    {R"({"schemaVersion":2})", ErrorKind::integrity, "neither"},
    {R"({"schemaVersion":"2","manifests":[]})", ErrorKind::integrity, "integer"},
    {R"({"schemaVersion":3,"manifests":[]})", ErrorKind::integrity, "schemaVersion 3"},
    {R"({"schemaVersion":2,"layers":[]})", ErrorKind::integrity, "config"},
    {R"({"schemaVersion":2,"manifests":{}})", ErrorKind::integrity, "the manifest.manifests is not an array"},
    {R"({"schemaVersion":2,"manifests":[7]})", ErrorKind::integrity,
     "the manifest.manifests[0] is not an object"},
    {R"({"schemaVersion":1,"name":"x","fsLayers":[]})", ErrorKind::unsupported, "schema 1"},
    {manifest_with(R"(,"manifests":[])"), ErrorKind::integrity, "both"},
    {manifest_with(R"(,"mediaType":"application/vnd.oci.image.index.v1+json")"), ErrorKind::integrity,
     "fields"},
    {manifest_with(R"(,"mediaType":"application/vnd.cncf.helm.chart")"), ErrorKind::unsupported, "helm"},
    {R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]})",
     ErrorKind::integrity, "fields"},
    {index_with(entry("-1")), ErrorKind::integrity, "negative"},
    {index_with(entry("1.5")), ErrorKind::integrity, "integer"},
    {index_with(entry("9223372036854775808")), ErrorKind::integrity, "integer"},
    {index_with(entry("\"1\"")), ErrorKind::integrity, "integer"},
    {index_with(entry("1", "sha256:zz")), ErrorKind::integrity, "digest"},
    {index_with(entry("1", "sha512:" + std::string(128, 'a'))), ErrorKind::unsupported, "sha512"},
    {index_with(R"({"mediaType":"x/y","size":1})"), ErrorKind::integrity, "digest"},
    {index_with(R"({"mediaType":"","digest":")" + digest_text + R"(","size":1})"), ErrorKind::integrity,
     "mediaType"},
    {index_with(R"({"digest":")" + digest_text + R"(","size":1})"), ErrorKind::integrity, "mediaType"},
    {index_with(entry("1", digest_text, R"(,"platform":"linux")")), ErrorKind::integrity, "platform"},
    {index_with(entry("1", digest_text, R"(,"annotations":{"a":1})")), ErrorKind::integrity, "annotations.a"},
    {index_with(entry("1", digest_text, R"(,"urls":"https://u")")), ErrorKind::integrity, "urls"},
    {"{\"schemaVersion\":2,\"x\":" + std::string(1000, '[') + std::string(1000, ']') + "}",
     ErrorKind::integrity, "deeply"},
    {"{\"schemaVersion\":2,\"x\":\"" + std::string(5U << 20, ' ') + "\"}", ErrorKind::integrity, "bytes"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(manifest_read)

BOOST_DATA_TEST_CASE(what_is_broken_is_refused_with_its_place, data::make(broken), b)
{
    const auto error = error_of([&] { (void)parse_manifest(b.text); });
    BOOST_TEST(error.kind() == b.kind);
    BOOST_TEST(contains(error.message(), b.says), error.message() << " lacks: " << b.says);
}

BOOST_AUTO_TEST_CASE(a_manifest_reads_as_it_was_written)
{
    const Manifest manifest{
        .media_type = MediaType::docker_manifest,
        .config = {.media_type = MediaType::docker_config, .digest = Digest::parse(digest_text), .size = 3},
        .layers = {{.media_type = MediaType::docker_foreign_layer_gzip,
                    .digest = Digest::parse(digest_text),
                    .size = std::uint64_t{1} << 40,
                    .annotations = {{"a", "b"}},
                    .urls = {"https://example/blob"}}},
        .annotations = {{"x", "y"}}};
    const auto read = std::get<Manifest>(parse_manifest(to_json(manifest)));
    BOOST_TEST((read.media_type == manifest.media_type));
    BOOST_TEST((read.config == manifest.config));
    BOOST_TEST((read.layers == manifest.layers));
    BOOST_TEST((read.annotations == manifest.annotations));
}

BOOST_AUTO_TEST_CASE(an_index_reads_as_it_was_written)
{
    const Index index{.media_type = MediaType::oci_index,
                      .manifests = {{.media_type = MediaType::other,
                                     .digest = Digest::parse(digest_text),
                                     .size = 0,
                                     .platform = Platform{.os = "windows",
                                                          .architecture = "amd64",
                                                          .variant = "v2",
                                                          .os_version = "10",
                                                          .os_features = {"f"}},
                                     .artifact_type = "text/x",
                                     .other_media_type = "text/y"}},
                      .annotations = {{"x", "y"}}};
    const auto read = std::get<Index>(parse_manifest(to_json(index)));
    BOOST_TEST((read.manifests == index.manifests));
    BOOST_TEST((read.annotations == index.annotations));
}

BOOST_AUTO_TEST_CASE(a_document_without_type_is_told_by_its_fields)
{
    BOOST_TEST((std::get<Manifest>(parse_manifest(manifest_with(""))).media_type == MediaType::oci_manifest));
    BOOST_TEST((std::get<Index>(parse_manifest(index_with(""))).media_type == MediaType::oci_index));
}

BOOST_AUTO_TEST_CASE(the_content_type_tells_what_the_document_does_not)
{
    const auto read = parse_manifest(manifest_with(""), docker_manifest);
    BOOST_TEST((std::get<Manifest>(read).media_type == MediaType::docker_manifest));
}

BOOST_AUTO_TEST_CASE(parameters_of_the_content_type_do_not_count)
{
    const auto read = parse_manifest(manifest_with(""), std::string{docker_manifest} + "; charset=utf-8");
    BOOST_TEST((std::get<Manifest>(read).media_type == MediaType::docker_manifest));
}

BOOST_AUTO_TEST_CASE(a_general_content_type_says_nothing)
{
    BOOST_CHECK_NO_THROW((void)parse_manifest(manifest_with(""), "application/json"));
}

BOOST_AUTO_TEST_CASE(a_content_type_that_disagrees_is_refused)
{
    const auto typed = manifest_with(R"(,"mediaType":"application/vnd.oci.image.manifest.v1+json")");
    BOOST_CHECK_NO_THROW((void)parse_manifest(typed, oci_manifest));
    BOOST_TEST(kind_of([&] { (void)parse_manifest(typed, docker_manifest); }) == ErrorKind::integrity);
    BOOST_TEST(kind_of([&] { (void)parse_manifest(typed, oci_index); }) == ErrorKind::integrity);
    BOOST_TEST(kind_of([&] { (void)parse_manifest(manifest_with(""), oci_index); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(schema_1_is_refused_by_name_and_with_a_remedy)
{
    const auto error = error_of(
        [] { (void)parse_manifest("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws"); });
    BOOST_TEST(error.kind() == ErrorKind::unsupported);
    BOOST_TEST(contains(error.message(), "schema 1"));
    BOOST_TEST(error.hint().has_value());
}

BOOST_AUTO_TEST_CASE(null_is_as_absent)
{
    const auto read = parse_manifest(R"({"schemaVersion":2,"mediaType":null,"config":)" + config_text +
                                     R"(,"layers":null,"annotations":null})");
    BOOST_TEST(std::get<Manifest>(read).layers.empty());
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_passed_over)
{
    BOOST_CHECK_NO_THROW(
        (void)parse_manifest(manifest_with(R"(,"subject":{"x":[1,2.5,null]},"artifactType":"a/b")")));
}

BOOST_AUTO_TEST_SUITE_END()
