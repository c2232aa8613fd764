#include "registry/push.hh"

#include "fixture.hh"
#include "registry/pull.hh"
#include <mutex>
#include <set>
#include <thread>

using namespace mica;
using namespace mica::test;
using namespace std::chrono_literals;

namespace {

class Recorder final : public EventBus {
public:
    void publish(EventBody body) noexcept override
    {
        const std::scoped_lock lock{mutex_};
        events.push_back(std::move(body));
    }
    template <class Kind> [[nodiscard]] std::vector<Kind> all() const
    {
        std::vector<Kind> found;
        for (const auto &event : events)
            if (const auto *one = std::get_if<Kind>(&event))
                found.push_back(*one);
        return found;
    }
    std::vector<EventBody> events;

private:
    std::mutex mutex_;
};

struct Pushed : Fixture {
    explicit Pushed(FakeRegistryOptions fake = {}, std::size_t layers = 5) : Fixture{std::move(fake)}
    {
        blobs = std::make_shared<MemoryBlobs>();
        result.config.platform = {.os = "linux", .architecture = "amd64"};
        for (std::size_t i = 0; i < layers; ++i) {
            const auto blob = blobs->add(pattern(200'000 + i, static_cast<unsigned>(i)));
            result.layers.push_back({{blob.digest, blob}, blobs});
            result.config.diff_ids.push_back(blob.digest);
        }
        encoded = oci::encode(result);
    }
    void push(std::vector<std::string> names, const std::stop_token &stop = {})
    {
        std::vector<oci::Reference> references;
        for (const auto &name : names)
            references.push_back(image(name));
        registry::push(*client, result, encoded, references, {.parallel_blobs = 3}, bus, {}, stop);
    }

    std::shared_ptr<MemoryBlobs> blobs;
    oci::Image result;
    oci::EncodedImage encoded{{}, {}, {.digest = sha256("")}, {.digest = sha256("")}};
    Recorder bus;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_pushed_can_be_pulled)
{
    Pushed f;
    f.push({"a:1", "a:latest"});
    const auto pulled = registry::pull(*f.client, f.image("a:latest"), f.result.config.platform, {});
    BOOST_REQUIRE(pulled.has_value());
    BOOST_TEST(pulled->descriptor.digest.str() == f.encoded.manifest.digest.str());
    BOOST_TEST(pulled->pinned.digest()->str() == f.encoded.manifest.digest.str());
    BOOST_REQUIRE(pulled->image.layers.size() == 5U);
    const auto &[layer, blobs] = pulled->image.layers[3];
    BOOST_TEST((read_all(*blobs->open(layer.blob, {})) == pattern(200'003, 3)));
    BOOST_TEST(blobs->repository()->repository() == "a");
    BOOST_TEST(f.registry.manifest("a", "1").value() == f.encoded.manifest_json);
}

BOOST_AUTO_TEST_CASE(several_blobs_travel_at_once_but_no_more_than_asked)
{
    Pushed f{{}, 9};
    std::atomic<int> now = 0, most = 0;
    f.registry.watch([&](const HttpRequest &request) {
        if (request.method != "PUT" || request.path.find("/uploads/") == std::string::npos)
            return;
        const int mine = ++now;
        for (int seen = most; mine > seen && !most.compare_exchange_weak(seen, mine);) {
        }
        std::this_thread::sleep_for(20ms);
        --now;
    });
    f.push({"a:1"});
    BOOST_TEST(most > 1);
    BOOST_TEST(most <= 3);
}

BOOST_AUTO_TEST_CASE(layers_come_before_the_config_and_the_manifest_last)
{
    Pushed f;
    f.push({"a:1"});
    std::vector<std::string> order;
    for (const auto &request : f.registry.log())
        if (request.method == "PUT")
            order.push_back(request.target);
    BOOST_REQUIRE(order.size() == 7U);
    BOOST_TEST(order[5].find(f.encoded.config.digest.hex()) != std::string::npos);
    BOOST_TEST(order[6] == "/v2/a/manifests/1");
}

BOOST_AUTO_TEST_CASE(a_layer_that_occurs_twice_is_sent_once)
{
    Pushed f;
    f.result.layers.push_back(f.result.layers.front());
    f.result.config.diff_ids.push_back(f.result.config.diff_ids.front());
    f.encoded = oci::encode(f.result);
    f.push({"a:1"});
    BOOST_TEST(f.registry.count("PUT", "/uploads/") == 6U);
}

BOOST_AUTO_TEST_CASE(a_second_push_sends_no_blob)
{
    Pushed f;
    f.push({"a:1"});
    FixedLogin login{std::nullopt};
    f.client = registry::make_client(quick(), login);
    f.push({"a:2"});
    BOOST_TEST(f.registry.count("PUT", "/uploads/") == 6U);
    BOOST_TEST(f.registry.manifest("a", "2").has_value());
}

BOOST_AUTO_TEST_CASE(a_failing_blob_ends_the_push_and_no_tag_is_moved)
{
    Pushed f;
    f.registry.fail(
        {.method = "PUT",
         .target = f.encoded.config.digest.hex(),
         .times = 9,
         .response = {.status = 403, .body = R"({"errors":[{"code":"DENIED","message":"not you"}]})"}});
    const auto error = error_of([&] { f.push({"a:1", "b:1"}); });
    BOOST_TEST((error.kind() == ErrorKind::denied));
    BOOST_TEST(says(error, "not you"));
    BOOST_TEST(says(error, "pushing blob"));
    BOOST_TEST(f.registry.count("PUT", "/manifests/") == 0U);
}

BOOST_AUTO_TEST_CASE(a_failing_blob_stops_the_others)
{
    Pushed f{{}, 12};
    f.registry.fail({.method = "POST", .target = "/uploads/", .times = 1, .response = {.status = 403}});
    static_cast<void>(error_of([&] { f.push({"a:1"}); }));
    BOOST_TEST(f.registry.count("PUT", "/uploads/") < 12U);
}

BOOST_AUTO_TEST_CASE(a_stop_is_no_error)
{
    std::stop_source source; // outlives the server, which uses it
    Pushed f;
    f.registry.watch([&](const HttpRequest &request) {
        if (request.method == "PUT")
            source.request_stop();
    });
    BOOST_CHECK_THROW(f.push({"a:1"}, source.get_token()), Cancelled);
    BOOST_TEST(f.registry.count("PUT", "/manifests/") == 0U);
}

BOOST_AUTO_TEST_CASE(the_events_of_a_push)
{
    Pushed f;
    f.push({"a:1"});
    BOOST_TEST(f.bus.all<event::TaskStarted>().size() == 6U);
    BOOST_TEST(f.bus.all<event::TaskFinished>().size() == 6U);
    const auto progress = f.bus.all<event::TaskProgress>();
    BOOST_TEST(!progress.empty());
    for (const auto &step : progress)
        BOOST_TEST(step.done <= step.total);
    const auto produced = f.bus.all<event::Produced>();
    BOOST_REQUIRE(produced.size() == 1U);
    BOOST_TEST(produced[0].digest == f.encoded.manifest.digest.str());
}

BOOST_AUTO_TEST_CASE(connections_are_used_again)
{
    Pushed f{{}, 9};
    std::mutex mutex;
    std::set<unsigned> connections;
    f.registry.watch([&](const HttpRequest &request) {
        const std::scoped_lock lock{mutex};
        connections.insert(request.connection);
    });
    f.push({"a:1"});
    BOOST_TEST(f.registry.log().size() > 30U);
    BOOST_TEST(connections.size() <= 4U);
}
