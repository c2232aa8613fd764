#include "exec/step_cache.hh"

#include "../output/recording_client.hh"
#include "base/thread_pool.hh"
#include "cache/build_cache.hh"
#include "support/temporary_directory.hh"
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <vector>

using namespace mica;
using namespace mica::exec;

namespace {

/// Counts how often it is read.
class CountedContent final : public Content {
public:
    CountedContent(std::string bytes, std::atomic<int> &readings)
        : bytes_{std::move(bytes)}, readings_{readings}
    {
    }
    std::unique_ptr<Source> open() const override
    {
        ++readings_;
        return std::make_unique<StringSource>(bytes_);
    }

private:
    std::string bytes_;
    std::atomic<int> &readings_;
};

/// Builds that copy 100 files, one after another, with one cache.
struct Fixture {
    test::TemporaryDirectory place;
    BuildRequest request;
    NullBus bus;
    test::RecordingClient client;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(place / "store");
    cache::BuildCache cache{place / "cache", store, {}, bus};
    ThreadPool pool{2};
    SystemClock clock;
    Services services{.bus = bus,
                      .registry = client,
                      .store = store,
                      .backend = {},
                      .pool = pool,
                      .clock = clock,
                      .scratch = place.path(),
                      .cache = &cache};
    plan::BuildPlan plan;
    LayerCatalog catalog{services};
    RemoteFiles remote{services, request.pins};
    StepContext context{request, services, plan, catalog, std::nullopt, from_unix(1000), {}, {}, remote};
    RootFs root;
    std::stop_token stop;
    std::atomic<int> readings = 0;
    static constexpr int files = 100;

    /// `text`: what the first file has; the others never differ.
    StepLayer copy(const std::string &text)
    {
        readings = 0;
        std::vector<layer::Change> changes;
        for (int i = 0; i < files; ++i) {
            const auto bytes = i == 0 ? text : "always the same";
            layer::Change change;
            change.entry.path = fmt::format("file{:03}", i);
            change.entry.size = bytes.size();
            change.content = std::make_shared<CountedContent>(bytes, readings);
            changes.push_back(std::move(change));
        }
        ContentNames contents{changes, context, stop};
        const auto make = [&] {
            const auto source = contents.read_along();
            return commit_layer(*source, context, {}, stop);
        };
        const StepSite site{root, {"linux", "amd64"}, {}};
        return through_cache(changes_keys(contents, context), site, context, {}, make, stop);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(copied_files_are_read_once, Fixture)

BOOST_AUTO_TEST_CASE(by_a_step_that_is_new)
{
    BOOST_TEST(!copy("one").is_hit);
    BOOST_TEST(readings == files);
}

BOOST_AUTO_TEST_CASE(by_a_step_that_was_done_before)
{
    const auto made = copy("one").layer.layer.diff_id;
    const auto found = copy("one");
    BOOST_TEST(found.is_hit);
    BOOST_TEST((found.layer.layer.diff_id == made));
    BOOST_TEST(readings == files);
}

BOOST_AUTO_TEST_CASE(by_a_step_with_a_file_of_another_size)
{
    (void)copy("one");
    BOOST_TEST(!copy("three").is_hit);
    BOOST_TEST(readings == files);
}

BOOST_AUTO_TEST_CASE(without_looking_into_the_cache)
{
    (void)copy("one");
    request.no_cache = true;
    BOOST_TEST(!copy("one").is_hit);
    BOOST_TEST(readings == files);
}

BOOST_AUTO_TEST_CASE(but_twice_where_only_the_bytes_tell_the_difference)
{
    (void)copy("one");
    BOOST_TEST(!copy("two").is_hit);
    BOOST_TEST(readings == 2 * files);
    BOOST_TEST(copy("one").is_hit);
    BOOST_TEST(copy("two").is_hit);
}

BOOST_AUTO_TEST_SUITE_END()
