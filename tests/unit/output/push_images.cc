#include "output/push_images.hh"

#include "support/errors.hh"
#include "unit/output/images.hh"
#include "unit/output/recording_client.hh"
#include <boost/test/unit_test.hpp>

using namespace mica::output;
using namespace mica::test;
using mica::ErrorKind;
namespace oci = mica::oci;

namespace {

struct Fixture {
    ImageMaker maker;
    oci::Image one = maker.make({{file("a", "1")}});
    oci::Image other = maker.make({{file("b", "2")}}, "linux/arm64");
    RecordingClient client;
    mica::NullBus bus;

    void push(const EncodedImages &images, const std::vector<std::string> &names)
    {
        std::vector<oci::Reference> references;
        for (const auto &name : names)
            references.push_back(oci::Reference::parse(name));
        push_images(images, references, client, bus, {}, {});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(push_images_, Fixture)

BOOST_AUTO_TEST_CASE(one_image_goes_to_every_name)
{
    push(encoded({one}), {"r.io/a:1", "r.io/a:2"});
    BOOST_TEST(client.has("manifest r.io/a 1"));
    BOOST_TEST(client.has("manifest r.io/a 2"));
}

BOOST_AUTO_TEST_CASE(of_an_index_the_images_come_before_the_tag)
{
    const auto images = encoded({one, other});
    push(images, {"r.io/a:1"});
    for (const auto &document : images.documents)
        BOOST_TEST(client.position("manifest r.io/a " + document.manifest.digest.str()) <
                   client.position("manifest r.io/a 1"));
    BOOST_TEST(client.calls.back() == "manifest r.io/a 1");
    BOOST_TEST(client.manifests.back().bytes == images.index->json);
    BOOST_TEST((client.manifests.back().descriptor == images.top()));
}

BOOST_AUTO_TEST_CASE(each_repository_gets_the_images_once)
{
    const auto images = encoded({one, other});
    push(images, {"r.io/a:1", "r.io/a:2", "r.io/b:1"});
    const auto count = [&](const std::string &call) { return std::ranges::count(client.calls, call); };
    BOOST_TEST(count("manifest r.io/a " + images.documents[0].manifest.digest.str()) == 1);
    BOOST_TEST(count("manifest r.io/b " + images.documents[0].manifest.digest.str()) == 1);
    BOOST_TEST(count("manifest r.io/a 1") == 1);
    BOOST_TEST(count("manifest r.io/a 2") == 1);
    BOOST_TEST(count("manifest r.io/b 1") == 1);
}

BOOST_AUTO_TEST_CASE(a_name_is_needed)
{
    BOOST_TEST(kind_of([&] { push(encoded({one}), {}); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_digest_is_no_name_to_push_to)
{
    BOOST_TEST(kind_of([&] { push(encoded({one}), {"r.io/a@sha256:" + std::string(64, 'a')}); }) ==
               ErrorKind::usage);
    BOOST_TEST(client.calls.empty());
}

BOOST_AUTO_TEST_SUITE_END()
