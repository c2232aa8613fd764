#include "cache/export.hh"

#include "cache/documents.hh"
#include "cache/image_cache.hh"
#include "cache/inline_cache.hh"
#include "io/fd.hh"
#include "support/errors.hh"
#include "support/fake_registry.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <thread>

using namespace mica;
using namespace mica::cache;

namespace {

/// Knows nobody.
class NoCredentials final : public auth::CredentialProvider {
public:
    [[nodiscard]] std::optional<auth::Credential> find(const oci::Reference &) override
    {
        return std::nullopt;
    }
};

/// A machine of its own: a state directory, and a connection to the registry.
struct Runner {
    test::TemporaryDirectory state;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(state / "oci");
    NoCredentials nobody;
    std::unique_ptr<registry::Client> client = registry::make_client({}, nobody);
    NullBus bus;
    ThreadPool pool{1};
    FixedClock clock{from_unix(2'000'000'000)};
    BuildCache cache{state / "cache", store, {}, bus};
    ImageLayers image;

    /// A layer with one document in it, as a step of this build.
    CacheKey make_step(const std::string &name)
    {
        const auto layer = pack({{name, "text of " + name}}, store, pool, {});
        const std::vector<KeyPart> parts{{"operation", name}};
        const auto key = make_key(parts);
        // The time that the image has is not when it was made.
        const CacheEntry entry{layer.layer, from_unix(1), {"Dockerfile a", 1, "RUN " + name}, clock.now()};
        cache.use(key, {entry, layer, parts, true});
        image.push_back(layer.layer);
        std::filesystem::create_directories(state / "trees");
        write_file_atomically(state / "trees" / layer.layer.diff_id.hex(), "tree of " + name);
        return key;
    }

    void export_to(const CachePlace &place, bool all_steps = false)
    {
        const ExportServices services{
            *client, oci::Layout::open_or_create(state / "export"), state / "trees", pool, bus, clock};
        export_cache({place, all_steps}, cache, image, services, {});
    }

    ImageCache open(const CachePlace &place, std::chrono::seconds time_to_live = {})
    {
        return ImageCache{{place, time_to_live, true}, *client, bus, clock, {}};
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(exported_caches)

BOOST_AUTO_TEST_CASE(what_one_exports_another_finds_with_tree_and_parts)
{
    test::FakeRegistry registry;
    const auto place = oci::Reference::parse(registry.host() + "/app:cache");
    Runner first, second;
    const auto key = first.make_step("a");
    first.export_to(place);
    auto cache = second.open(place);
    const auto found = cache.find(key, {});
    BOOST_REQUIRE(found);
    BOOST_TEST((found->layer == first.image.front()));
    BOOST_TEST(cache.tree(found->layer.diff_id, {}) == "tree of a");
    BOOST_TEST((cache.parts(key, {}) == std::vector<KeyPart>{{"operation", "a"}}));
    BOOST_TEST((cache.earlier({"Dockerfile a", 1, "RUN other"}, {}) == std::vector{key}));
    const auto documents = unpack({found->layer, cache.blobs()}, {});
    BOOST_TEST(documents.at("a") == "text of a");
}

BOOST_AUTO_TEST_CASE(a_second_export_keeps_what_is_there)
{
    test::FakeRegistry registry;
    const auto place = oci::Reference::parse(registry.host() + "/app:cache");
    Runner first, second, third;
    const auto a = first.make_step("a");
    first.export_to(place);
    const auto b = second.make_step("b");
    second.export_to(place);
    auto cache = third.open(place);
    BOOST_TEST(cache.find(a, {}).has_value());
    BOOST_TEST(cache.find(b, {}).has_value());
    BOOST_TEST((cache.parts(a, {}) == std::vector<KeyPart>{{"operation", "a"}}));
}

BOOST_AUTO_TEST_CASE(an_export_that_adds_nothing_writes_nothing)
{
    test::FakeRegistry registry;
    const auto place = oci::Reference::parse(registry.host() + "/app:cache");
    Runner runner;
    (void)runner.make_step("a");
    runner.export_to(place);
    const auto puts = registry.count("PUT", "/manifests/");
    runner.export_to(place);
    BOOST_TEST(registry.count("PUT", "/manifests/") == puts);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_no_cache_is_not_overwritten)
{
    test::FakeRegistry registry;
    const auto place = oci::Reference::parse(registry.host() + "/app:latest");
    Runner runner;
    oci::Image image;
    image.config.platform = {"linux", "amd64"};
    BOOST_TEST(write_image(place, image, std::nullopt, *runner.client, runner.bus, {}, {}));
    (void)runner.make_step("a");
    BOOST_TEST(test::kind_of([&] { runner.export_to(place); }) == ErrorKind::unsupported);
}

BOOST_AUTO_TEST_CASE(builds_that_export_at_the_same_time_all_get_in)
{
    test::FakeRegistry registry;
    const auto place = oci::Reference::parse(registry.host() + "/app:cache");
    std::vector<Runner> runners(6);
    std::vector<CacheKey> keys;
    for (std::size_t i = 0; i < runners.size(); ++i)
        keys.push_back(runners[i].make_step(fmt::format("step {}", i)));
    {
        std::vector<std::jthread> threads;
        for (auto &runner : runners)
            threads.emplace_back([&] { runner.export_to(place); });
    }
    Runner reader;
    auto cache = reader.open(place);
    for (const auto &key : keys)
        BOOST_TEST(cache.find(key, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_directory_holds_a_cache_as_well_and_does_not_grow)
{
    const test::TemporaryDirectory directory;
    const LayoutPlace place{directory / "shared"};
    const auto count = [&] {
        return std::distance(std::filesystem::directory_iterator{directory / "shared/blobs/sha256"},
                             std::filesystem::directory_iterator{});
    };
    Runner first, second;
    const auto a = first.make_step("a");
    first.export_to(place);
    const auto blobs = count();
    const auto b = second.make_step("b");
    second.export_to(place);
    auto cache = second.open(place);
    BOOST_TEST(cache.find(a, {}).has_value());
    BOOST_TEST(cache.find(b, {}).has_value());
    BOOST_TEST(count() == blobs + 1);
}

BOOST_AUTO_TEST_CASE(entries_past_their_time_to_live_are_not_found)
{
    const test::TemporaryDirectory directory;
    const LayoutPlace place{directory / "shared"};
    Runner first, second;
    const auto key = first.make_step("a");
    first.export_to(place);
    second.clock = FixedClock{from_unix(2'000'000'000 + 100)};
    BOOST_TEST(second.open(place, std::chrono::seconds{200}).find(key, {}).has_value());
    BOOST_TEST(!second.open(place, std::chrono::seconds{50}).find(key, {}).has_value());
}

BOOST_AUTO_TEST_CASE(min_leaves_out_what_is_not_in_the_image)
{
    const test::TemporaryDirectory directory;
    const LayoutPlace place{directory / "shared"};
    Runner first;
    const auto a = first.make_step("a");
    first.image.clear();
    const auto b = first.make_step("b");
    first.export_to(place);
    BOOST_TEST(!first.open(place).find(a, {}).has_value());
    BOOST_TEST(first.open(place).find(b, {}).has_value());
    first.export_to(place, true);
    BOOST_TEST(first.open(place).find(a, {}).has_value());
}

BOOST_AUTO_TEST_CASE(an_image_can_be_its_own_cache)
{
    Runner runner;
    const auto key = runner.make_step("a");
    oci::Image image;
    image.layers.push_back({runner.image.front(), runner.store});
    BOOST_TEST(!inline_index(image));
    add_inline_keys(image, runner.cache.used());
    const auto index = inline_index(image);
    BOOST_REQUIRE(index);
    BOOST_TEST((index->items.at(key).entry.layer == runner.image.front()));
}

BOOST_AUTO_TEST_SUITE_END()
