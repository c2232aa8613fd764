#include "output/archive.hh"

#include "oci/json.hh"
#include "support/errors.hh"
#include "unit/output/images.hh"
#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace mica::output;
using namespace mica::test;
namespace oci = mica::oci;

namespace {

const std::vector names{oci::Reference::parse("app:1"), oci::Reference::parse("r.io/app:2")};

struct Fixture {
    ImageMaker maker;
    oci::Image image = maker.make({{file("a", "1")}, {file("b", "2")}});
    mica::NullBus bus;
    mica::Task task{bus, {}, mica::TaskKind::push, "test"};

    std::string oci_archive(std::span<const oci::Reference> with = names)
    {
        mica::StringSink out;
        write_oci_archive(encoded({image}), with, out, task, {});
        return out.str();
    }
    std::string docker_archive(std::span<const oci::Reference> with = names)
    {
        mica::StringSink out;
        write_docker_archive(encoded({image}, OutputType::docker), with, out, task, {});
        return out.str();
    }
};

std::string blob_of(const std::map<std::string, TarMember> &members, const mica::Digest &digest)
{
    return members.at("blobs/sha256/" + digest.hex()).text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(archive, Fixture)

BOOST_AUTO_TEST_CASE(an_oci_archive_is_a_layout)
{
    const auto members = read_tar(oci_archive());
    BOOST_TEST(members.at("oci-layout").text == R"({"imageLayoutVersion":"1.0.0"})");
    BOOST_TEST((members.at("blobs/sha256").entry.type == mica::tar::FileType::directory));
    const auto index = std::get<oci::Index>(oci::parse_manifest(members.at("index.json").text));
    const auto manifest =
        std::get<oci::Manifest>(oci::parse_manifest(blob_of(members, index.manifests[0].digest)));
    BOOST_TEST(oci::parse_image_config(blob_of(members, manifest.config.digest)).platform.architecture ==
               "amd64");
    BOOST_TEST(manifest.layers.size() == 2U);
    for (const auto &layer : manifest.layers)
        BOOST_TEST(blob_of(members, layer.digest).size() == layer.size);
    BOOST_TEST(members.size() == 2U + 4U + 2U);
}

BOOST_AUTO_TEST_CASE(every_blob_has_the_digest_that_it_is_named_by)
{
    for (const auto &[path, member] : read_tar(docker_archive()))
        if (path.starts_with("blobs/sha256/"))
            BOOST_TEST(path == "blobs/sha256/" + mica::sha256(member.text).hex());
}

BOOST_AUTO_TEST_CASE(every_name_has_its_entry)
{
    const auto index =
        std::get<oci::Index>(oci::parse_manifest(read_tar(oci_archive()).at("index.json").text));
    BOOST_TEST(index.manifests.size() == 2U);
    BOOST_TEST(index.manifests[0].annotations.at("io.containerd.image.name") == "docker.io/library/app:1");
    BOOST_TEST(index.manifests[0].annotations.at("org.opencontainers.image.ref.name") == "1");
    BOOST_TEST(index.manifests[1].annotations.at("io.containerd.image.name") == "r.io/app:2");
    BOOST_TEST((index.manifests[0].digest == index.manifests[1].digest));
}

BOOST_AUTO_TEST_CASE(an_image_without_a_name_has_one_entry)
{
    const auto index =
        std::get<oci::Index>(oci::parse_manifest(read_tar(oci_archive({})).at("index.json").text));
    BOOST_TEST(index.manifests.size() == 1U);
    BOOST_TEST(index.manifests[0].annotations.empty());
}

BOOST_AUTO_TEST_CASE(the_manifest_json_of_docker_names_config_layers_and_tags)
{
    const auto members = read_tar(docker_archive());
    const auto index = std::get<oci::Index>(oci::parse_manifest(members.at("index.json").text));
    const auto manifest =
        std::get<oci::Manifest>(oci::parse_manifest(blob_of(members, index.manifests[0].digest)));
    BOOST_TEST((manifest.media_type == oci::MediaType::docker_manifest));
    BOOST_TEST(members.at("manifest.json").text ==
               R"([{"Config":"blobs/sha256/)" + manifest.config.digest.hex() +
                   R"(","RepoTags":["app:1","r.io/app:2"],"Layers":["blobs/sha256/)" +
                   manifest.layers[0].digest.hex() + R"(","blobs/sha256/)" + manifest.layers[1].digest.hex() +
                   R"("]}])");
}

BOOST_AUTO_TEST_CASE(a_nameless_docker_archive_has_no_tags)
{
    BOOST_TEST(contains(read_tar(docker_archive({})).at("manifest.json").text, R"("RepoTags":null)"));
}

BOOST_AUTO_TEST_CASE(equal_images_have_equal_archives)
{
    BOOST_TEST(oci_archive() == oci_archive());
    std::vector<std::string> order;
    (void)read_tar(oci_archive(), &order);
    BOOST_TEST(std::ranges::is_sorted(order));
}

BOOST_AUTO_TEST_CASE(a_missing_blob_fails_the_archive)
{
    image.layers[1].blobs = std::make_shared<MemoryStore>();
    BOOST_TEST(kind_of([&] { (void)oci_archive(); }) == mica::ErrorKind::not_found);
}

BOOST_AUTO_TEST_SUITE_END()
