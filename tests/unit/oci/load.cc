#include "oci/json.hh"
#include "oci/layout.hh"
#include "oci/platform.hh"
#include "support/errors.hh"
#include "support/memory_store.hh"
#include "unit/oci/stored.hh"
#include <boost/test/unit_test.hpp>

using namespace mica::oci;
using mica::ErrorKind;
using mica::sha256;
using mica::test::contains;
using mica::test::error_of;
using mica::test::kind_of;
using mica::test::MemoryStore;
using mica::test::store_blob;

namespace {

/// Gives one blob's bytes whatever is asked for.
class Liar final : public BlobReader {
public:
    Liar(std::shared_ptr<MemoryStore> store, Descriptor given)
        : store_{std::move(store)}, given_{std::move(given)}
    {
    }
    [[nodiscard]] std::unique_ptr<mica::Source> open(const Descriptor &blob,
                                                     const std::stop_token &stop) const override
    {
        return std::make_unique<mica::VerifyingSource>(store_->open(given_, stop), blob.digest, blob.size);
    }

private:
    std::shared_ptr<MemoryStore> store_;
    Descriptor given_;
};

struct Fixture {
    std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>();

    Descriptor add_image(const std::string &platform)
    {
        Image image;
        image.config.platform = parse_platform(platform);
        image.layers.push_back(
            {Layer{sha256("tar"), store_blob(*store, MediaType::oci_layer, "tar")}, store});
        const auto encoded = encode(image);
        store_blob(*store, MediaType::oci_config, encoded.config_json);
        store_blob(*store, MediaType::oci_manifest, encoded.manifest_json);
        return encoded.manifest;
    }
    Descriptor add_index(std::vector<Descriptor> manifests)
    {
        return store_blob(
            *store, MediaType::oci_index,
            to_json(Index{.media_type = MediaType::oci_index, .manifests = std::move(manifests)}));
    }
    Image load(const Descriptor &descriptor, const std::string &platform = "linux/amd64")
    {
        return load_image(store, descriptor, parse_platform(platform), {});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(load, Fixture)

BOOST_AUTO_TEST_CASE(a_manifest_is_the_image)
{
    const auto image = load(add_image("linux/amd64"));
    BOOST_TEST(image.config.platform.architecture == "amd64");
    BOOST_TEST(image.layers.size() == 1U);
    BOOST_TEST((image.layers[0].layer.diff_id == sha256("tar")));
    BOOST_TEST(!image.docker_types);
}

BOOST_AUTO_TEST_CASE(a_lone_manifest_is_taken_whatever_its_platform)
{
    BOOST_TEST(load(add_image("linux/arm64")).config.platform.architecture == "arm64");
}

BOOST_AUTO_TEST_CASE(an_index_gives_the_platform_s_image)
{
    const auto index = add_index({add_image("linux/arm64"), add_image("linux/amd64")});
    BOOST_TEST(load(index, "linux/amd64").config.platform.architecture == "amd64");
    BOOST_TEST(load(index, "linux/arm64").config.platform.architecture == "arm64");
}

BOOST_AUTO_TEST_CASE(an_index_in_an_index_is_followed)
{
    auto inner = add_index({add_image("linux/amd64")});
    BOOST_TEST(load(add_index({inner})).layers.size() == 1U);
}

BOOST_AUTO_TEST_CASE(but_not_for_ever)
{
    auto inner = add_index({add_image("linux/amd64")});
    for (int i = 0; i < 8; ++i)
        inner = add_index({inner});
    BOOST_TEST(kind_of([&] { (void)load(inner); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_not_there_is_told_with_those_that_are)
{
    const auto index = add_index({add_image("linux/arm64"), add_image("linux/386")});
    const auto error = error_of([&] { (void)load(index); });
    BOOST_TEST(error.kind() == ErrorKind::not_found);
    BOOST_TEST(contains(error.message(), "linux/arm64, linux/386"));
}

BOOST_AUTO_TEST_CASE(a_missing_blob_is_told)
{
    const Descriptor nothing{.media_type = MediaType::oci_manifest, .digest = sha256("nothing"), .size = 7};
    BOOST_TEST(kind_of([&] { (void)load(nothing); }) == ErrorKind::not_found);
}

BOOST_AUTO_TEST_CASE(a_damaged_blob_is_refused)
{
    auto manifest = add_image("linux/amd64");
    const auto other = add_image("linux/arm64"); // of the same size
    const auto liar = std::make_shared<Liar>(store, other);
    BOOST_TEST(kind_of([&] { (void)load_image(liar, manifest, parse_platform("linux/amd64"), {}); }) ==
               ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_promises_to_be_huge_is_not_read)
{
    const Descriptor huge{.media_type = MediaType::oci_manifest, .digest = sha256("x"), .size = 5U << 20};
    BOOST_TEST(kind_of([&] { (void)load(huge); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_descriptor_of_another_type_than_the_document_is_refused)
{
    auto manifest = add_image("linux/amd64");
    manifest.media_type = MediaType::docker_manifest;
    BOOST_TEST(kind_of([&] { (void)load(manifest); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(an_artifact_is_no_image)
{
    auto config = store_blob(*store, MediaType::other, "{}");
    config.other_media_type = "application/vnd.example.config";
    const auto manifest =
        store_blob(*store, MediaType::oci_manifest,
                   to_json(Manifest{.media_type = MediaType::oci_manifest, .config = config, .layers = {}}));
    const auto error = error_of([&] { (void)load(manifest); });
    BOOST_TEST(error.kind() == ErrorKind::unsupported);
    BOOST_TEST(contains(error.message(), "application/vnd.example.config"));
}

BOOST_AUTO_TEST_CASE(a_stop_is_heeded)
{
    std::stop_source stop;
    stop.request_stop();
    const auto manifest = add_image("linux/amd64");
    BOOST_CHECK_THROW((void)load_image(store, manifest, parse_platform("linux/amd64"), stop.get_token()),
                      mica::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
