#include "output/early_push.hh"

#include "base/error.hh"
#include "unit/output/images.hh"
#include "unit/output/recording_client.hh"
#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(a_failed_build_stops_it)
{
    RecordingClient client;
    {
        EarlyPush early{names, client, bus, {}};
    }
    BOOST_TEST(client.calls.empty());
}

BOOST_AUTO_TEST_SUITE_END()
