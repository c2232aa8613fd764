#include "cache/build_cache.hh"

#include "io/hash.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cache;

namespace {

class NoEvents final : public EventBus {
public:
    void publish(EventBody) noexcept override {}
};

struct Fixture {
    test::TemporaryDirectory directory;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(directory / "store");
    NoEvents bus;
    std::vector<KeyPart> parts{{"operation", "run"}};

    /// Whether a step made at 1000 is found by a build that takes nothing older than `oldest`.
    bool finds(std::optional<Time> oldest)
    {
        const auto blob = store->put("blob");
        BuildCache cache{directory / "cache", store, {}, bus, oldest};
        const CacheEntry entry{{sha256("tar"), {oci::MediaType::oci_layer_gzip, blob.digest, blob.size}},
                               from_unix(1),
                               {"Dockerfile a", 1, "RUN x"},
                               from_unix(1000)};
        cache.store(make_key(parts), entry, parts);
        return cache.find(make_key(parts), {}).has_value();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(build_cache, Fixture)

BOOST_AUTO_TEST_CASE(steps_have_no_end_by_default)
{
    BOOST_TEST(finds(std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_step_counts_from_when_it_was_made)
{
    BOOST_TEST(finds(from_unix(1000)));
    BOOST_TEST(!finds(from_unix(1001)));
}

BOOST_AUTO_TEST_SUITE_END()
