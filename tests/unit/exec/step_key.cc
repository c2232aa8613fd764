#include "exec/step_key.hh"

#include "../output/recording_client.hh"
#include "base/thread_pool.hh"
#include "cache/build_cache.hh"
#include "context/context.hh"
#include "exec/copy/copy.hh"
#include "exec/step_workdir.hh"
#include "io/hash.hh"
#include "support/golden.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>

using namespace mica;
using namespace mica::exec;

namespace {

const Digest layer_a = sha256("a"), layer_b = sha256("b");

/// A build of one step on a root of two layers, the second with what COPY --from takes.
struct Fixture {
    test::TemporaryDirectory place;
    BuildRequest request;
    NullBus bus;
    test::RecordingClient client;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(place / "store");
    ThreadPool pool{1};
    SystemClock clock;
    Services services{.bus = bus,
                      .registry = client,
                      .store = store,
                      .backend = {},
                      .pool = pool,
                      .clock = clock,
                      .scratch = place.path()};
    plan::BuildPlan plan;
    LayerCatalog catalog{services};
    RemoteFiles remote{services, request.pins};
    StepContext context{request, services, plan, catalog, std::nullopt, from_unix(1000), {}, {}, remote};
    RootFs root = two_layers();
    std::stop_token stop;

    Fixture()
    {
        std::filesystem::create_directories(place / "context/dir");
        std::ofstream{place / "context/f"} << "content\n";
        std::ofstream{place / "context/dir/g"} << "more\n";
        std::filesystem::permissions(place / "context/f", std::filesystem::perms{0644});
        std::filesystem::permissions(place / "context/dir/g", std::filesystem::perms{0755});
        std::filesystem::permissions(place / "context/dir", std::filesystem::perms{0755});
        std::filesystem::create_symlink("../f", place / "context/dir/link");
        request.context = context::open_directory(place / "context", context::IgnoreList{});
        context.context_of = [this](const std::string &) { return request.context; };
    }

    RootFs two_layers() const
    {
        const auto placed = [&](const Digest &diff_id) {
            return oci::PlacedLayer{{diff_id, {oci::MediaType::oci_layer_gzip, diff_id, 1}}, store};
        };
        return RootFs{{placed(layer_a), placed(layer_b)}};
    }

    StepSite site() { return {root, {"linux", "amd64"}, {}}; }

    static std::string text(const std::vector<cache::KeyPart> &parts)
    {
        auto out = "key " + cache::make_key(parts).value.hex() + "\n";
        for (const auto &part : parts)
            out += fmt::format("{} = {}\n", part.name, part.value);
        return out;
    }

    std::string run(const std::function<void(plan::RunStep &)> &change = {})
    {
        plan::RunStep step;
        step.argv = {"/bin/sh", "-c", "make"};
        step.environment = {"PATH=/bin", "V=1"};
        step.working_directory = "/w";
        step.network = "default";
        step.security = "sandbox";
        if (change)
            change(step);
        const RunMounts mounts{step, site(), context, stop};
        return text(run_keys(step, mounts, site(), context).by_origin());
    }

    std::string copy(const std::function<void(plan::CopyStep &)> &change = {}, bool of_outline = false)
    {
        plan::CopyStep step;
        step.sources = {"f", "dir"};
        step.destination = "/d/";
        if (change)
            change(step);
        const auto view = view_of(*request.context);
        const layer::FileTree nothing;
        const auto changes = plan_copy({.step = step,
                                        .source = *view,
                                        .destination = layer::lookup_in(nothing),
                                        .owner = {},
                                        .scratch = place.path(),
                                        .fetch = {}},
                                       stop);
        ContentNames contents{changes, context, stop};
        const auto keys = changes_keys(contents, context);
        return text(of_outline ? keys.outline() : keys.by_origin());
    }
};

} // namespace

// The texts below are the format: a change of any is a change of the version in cache/key.cc.
BOOST_FIXTURE_TEST_SUITE(key_of_each_instruction, Fixture)

BOOST_AUTO_TEST_CASE(run_)
{
    mica::test::check_golden("cache/run.txt", run());
}

BOOST_AUTO_TEST_CASE(run_with_everything)
{
    request.extra_hosts = {{"db", "10.0.0.1"}};
    context.epoch = from_unix(1);
    mica::test::check_golden("cache/run-with-everything.txt", run([](plan::RunStep &step) {
                                 step.user = "app";
                                 step.scripts = {{"0", "#!/bin/sh\necho\n"}};
                                 plan::MountSpec bind;
                                 bind.source = "dir";
                                 bind.target = "/m";
                                 plan::MountSpec cache;
                                 cache.type = plan::MountType::cache;
                                 cache.target = cache.id = "/cache";
                                 plan::MountSpec tmpfs;
                                 tmpfs.type = plan::MountType::tmpfs;
                                 tmpfs.target = "/t";
                                 plan::MountSpec secret;
                                 secret.type = plan::MountType::secret;
                                 secret.id = "token";
                                 secret.env = "TOKEN";
                                 step.mounts = {bind, cache, tmpfs, secret};
                             }));
}

BOOST_AUTO_TEST_CASE(copy_)
{
    mica::test::check_golden("cache/copy.txt", copy());
}

BOOST_AUTO_TEST_CASE(outline_of_a_copy)
{
    mica::test::check_golden("cache/copy-outline.txt", copy({}, true));
}

BOOST_AUTO_TEST_CASE(copy_of_a_heredoc)
{
    mica::test::check_golden("cache/copy-heredoc.txt", copy([](plan::CopyStep &step) {
                                 step.sources.clear();
                                 step.inline_files = {{"name", "text\n"}};
                             }));
}

BOOST_AUTO_TEST_CASE(add)
{
    mica::test::check_golden("cache/add.txt", copy([](plan::CopyStep &step) {
                                 step.is_add = true;
                                 step.chmod = "0600";
                                 step.sources = {"f"};
                             }));
}

BOOST_AUTO_TEST_CASE(workdir)
{
    const RootFs nothing;
    const StepSite at{nothing, {"linux", "amd64"}, {}};
    const auto changes = workdir_changes({"/a/b", ""}, at, context, stop);
    ContentNames contents{changes, context, stop};
    mica::test::check_golden("cache/workdir.txt", text(changes_keys(contents, context).by_origin()));
}

BOOST_AUTO_TEST_CASE(proxies_are_no_part)
{
    BOOST_TEST(run([](auto &step) { step.proxy_environment = {"HTTP_PROXY=x"}; }) == run());
}

BOOST_AUTO_TEST_CASE(each_thing_that_a_command_sees_is_a_part)
{
    const auto plain = run();
    BOOST_TEST(run([](auto &step) { step.argv.back() = "make all"; }) != plain);
    BOOST_TEST(run([](auto &step) { step.environment.back() = "V=2"; }) != plain);
    BOOST_TEST(run([](auto &step) { step.working_directory = "/"; }) != plain);
    BOOST_TEST(run([](auto &step) { step.user = "1"; }) != plain);
    BOOST_TEST(run([](auto &step) { step.network = "none"; }) != plain);
    BOOST_TEST(run([](auto &step) { step.security = "insecure"; }) != plain);
}

BOOST_AUTO_TEST_CASE(the_layers_below_a_run_are_a_part)
{
    const auto plain = run();
    root = RootFs{{root.layers().front()}};
    BOOST_TEST(run() != plain);
}

BOOST_AUTO_TEST_CASE(the_layers_below_a_copy_are_no_part)
{
    const auto plain = copy();
    root = RootFs{};
    BOOST_TEST(copy() == plain);
}

BOOST_AUTO_TEST_CASE(one_byte_of_a_file_is_a_part_and_its_time_is_not)
{
    const auto plain = copy();
    std::filesystem::last_write_time(place / "context/f", std::filesystem::file_time_type{});
    BOOST_TEST(copy() == plain);
    std::ofstream{place / "context/f"} << "Content\n";
    BOOST_TEST(copy() != plain);
}

BOOST_AUTO_TEST_CASE(an_outline_has_the_size_of_a_file_and_not_its_bytes)
{
    const auto plain = copy({}, true);
    std::ofstream{place / "context/f"} << "Content\n";
    BOOST_TEST(copy({}, true) == plain);
    std::ofstream{place / "context/f"} << "longer content\n";
    BOOST_TEST(copy({}, true) != plain);
}

BOOST_AUTO_TEST_CASE(a_bit_of_a_mode_is_a_part)
{
    const auto plain = copy();
    std::filesystem::permissions(place / "context/f", std::filesystem::perms{0744});
    BOOST_TEST(copy() != plain);
}

BOOST_AUTO_TEST_SUITE_END()
