#include "output/early_push.hh"

#include "base/error.hh"
#include "oci/layout.hh"
#include "support/temporary_directory.hh"
#include "unit/output/images.hh"
#include "unit/output/recording_client.hh"
#include <boost/test/unit_test.hpp>
#include <thread>

using namespace mica::output;
using namespace mica::test;
namespace oci = mica::oci;

namespace {

/// Refuses every blob.
class RefusingClient final : public mica::registry::Client {
public:
    [[nodiscard]] std::optional<mica::registry::RawManifest> manifest(const oci::Reference &,
                                                                      const std::stop_token &) override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<mica::Source> blob(const oci::Reference &, const oci::Descriptor &,
                                                     const std::stop_token &) override
    {
        return nullptr;
    }
    [[nodiscard]] bool has_blob(const oci::Reference &, const mica::Digest &,
                                const std::stop_token &) override
    {
        return false;
    }
    mica::registry::BlobPlacement put_blob(const oci::Reference &, const oci::Descriptor &,
                                           const oci::BlobReader &, const std::stop_token &) override
    {
        throw mica::Error{mica::ErrorKind::denied, "no"};
    }
    void put_manifest(const oci::Reference &, const mica::registry::RawManifest &,
                      const std::stop_token &) override
    {
    }
};

/// A layer of 9 MiB that is written by hand.
struct GrowingLayer {
    void write() { writer->write(std::vector<std::byte>(std::size_t{9} << 20)); }
    [[nodiscard]] oci::PlacedLayer end()
    {
        writer->finish();
        const auto blob = writer->commit();
        const oci::Descriptor descriptor{
            .media_type = oci::MediaType::oci_layer, .digest = blob.digest, .size = blob.size};
        return {{.diff_id = blob.digest, .blob = descriptor}, store};
    }

    TemporaryDirectory directory;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(directory / "store");
    std::unique_ptr<oci::BlobWriter> writer = store->create();
};

struct Fixture {
    ImageMaker maker;
    oci::Image image = maker.make({{file("a", "1")}, {file("b", "2")}});
    mica::NullBus bus;
    std::vector<oci::Reference> names{oci::Reference::parse("r.io/a:1"), oci::Reference::parse("r.io/a:2"),
                                      oci::Reference::parse("r.io/b:1")};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(early_push, Fixture)

BOOST_AUTO_TEST_CASE(each_layer_goes_to_each_repository_once)
{
    RecordingClient client;
    EarlyPush early{names, client, bus, {}};
    for (const auto &layer : image.layers)
        early.add(layer);
    early.finish();
    BOOST_TEST(client.calls.size() == 4U);
    for (const auto &layer : image.layers) {
        BOOST_TEST(client.has("blob r.io/a " + layer.layer.blob.digest.str()));
        BOOST_TEST(client.has("blob r.io/b " + layer.layer.blob.digest.str()));
    }
}

BOOST_AUTO_TEST_CASE(what_fails_is_left_to_the_push)
{
    RefusingClient client;
    EarlyPush early{names, client, bus, {}};
    early.add(image.layers.front());
    BOOST_CHECK_NO_THROW(early.finish());
}

BOOST_AUTO_TEST_CASE(without_a_name_nothing_is_done)
{
    RecordingClient client;
    EarlyPush early{{}, client, bus, {}};
    early.add(image.layers.front());
    early.finish();
    BOOST_TEST(client.calls.empty());
}

BOOST_AUTO_TEST_CASE(a_large_layer_is_sent_to_the_first_repository_while_it_is_made)
{
    RecordingClient client;
    GrowingLayer growing;
    EarlyPush early{names, client, bus, {}};
    early.follow(growing.writer->growing());
    growing.write();
    while (client.growing == 0)
        std::this_thread::yield();
    const auto layer = growing.end();
    early.add(layer);
    early.finish();
    const auto digest = layer.layer.blob.digest.str();
    BOOST_TEST(client.has("growing r.io/a"));
    BOOST_TEST(!client.has("blob r.io/a " + digest));
    BOOST_TEST(client.has("blob r.io/b " + digest));
}

BOOST_AUTO_TEST_CASE(a_layer_whose_growth_was_not_taken_goes_the_ordinary_way)
{
    RecordingClient client;
    client.takes_growing = false;
    GrowingLayer growing;
    EarlyPush early{names, client, bus, {}};
    early.follow(growing.writer->growing());
    growing.write();
    const auto layer = growing.end();
    early.add(layer);
    early.finish();
    BOOST_TEST(client.has("blob r.io/a " + layer.layer.blob.digest.str()));
    BOOST_TEST(client.has("blob r.io/b " + layer.layer.blob.digest.str()));
}

BOOST_AUTO_TEST_CASE(a_layer_that_comes_to_nothing_is_no_trouble)
{
    RecordingClient client;
    GrowingLayer growing;
    EarlyPush early{names, client, bus, {}};
    early.follow(growing.writer->growing());
    growing.write();
    growing.writer.reset();
    early.finish();
    BOOST_TEST(client.calls.size() <= 1U); // at most the attempt
}

BOOST_AUTO_TEST_CASE(a_failed_build_stops_what_is_sent_while_it_is_made)
{
    RecordingClient client;
    GrowingLayer growing;
    growing.write();
    {
        EarlyPush early{names, client, bus, {}};
        early.follow(growing.writer->growing());
    }
    BOOST_TEST(!client.has("blob r.io/a"));
}

BOOST_AUTO_TEST_CASE(a_failed_build_stops_it)
{
    RecordingClient client;
    {
        EarlyPush early{names, client, bus, {}};
    }
    BOOST_TEST(client.calls.empty());
}

BOOST_AUTO_TEST_SUITE_END()
