#include "unit/plan/fixture.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <ostream>

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

MountSpec mount(const std::string &flag, const std::string &before = "WORKDIR /w\n")
{
    const auto plan = plan_of("FROM x\n" + before + "RUN --mount=" + flag + " true\n");
    const auto run = only_step<RunStep>(plan);
    BOOST_REQUIRE_EQUAL(run.mounts.size(), 1U);
    return run.mounts.front();
}

const std::vector<std::string> refused = {"type=cache,target=/", "type=bind,target=..", "type=ssh,source=x",
                                          "type=bind,target=/x,z"};

} // namespace

BOOST_AUTO_TEST_CASE(a_bind_shows_the_context_read_only_below_the_working_directory)
{
    const auto m = mount("source=a/../b,target=sub/");
    BOOST_CHECK(m.type == MountType::bind);
    BOOST_CHECK(m.from == Input{ContextInput{}});
    BOOST_TEST(!m.has_from);
    BOOST_TEST(m.read_only);
    BOOST_TEST(m.source == "/b");
    BOOST_TEST(m.target == "/w/sub");
}

BOOST_AUTO_TEST_CASE(a_bind_can_be_of_an_image)
{
    const auto m = mount("type=bind,from=tools,target=/t,rw");
    BOOST_CHECK(m.from == Input{ImageInput{1}});
    BOOST_TEST(m.has_from);
    BOOST_TEST(!m.read_only);
}

BOOST_AUTO_TEST_CASE(a_cache_is_known_by_its_target)
{
    const auto m = mount("type=cache,target=/c//d/,sharing=locked,uid=3,mode=0700");
    BOOST_CHECK(m.type == MountType::cache);
    BOOST_TEST(m.id == "/c/d");
    BOOST_TEST(m.target == "/c/d");
    BOOST_TEST(!m.read_only);
    BOOST_CHECK(m.sharing == CacheSharing::locked);
    BOOST_CHECK(m.from == Input{Scratch{}});
    BOOST_TEST(m.uid.value() == 3U);
    BOOST_TEST(m.mode.value() == 0700U);
}

BOOST_AUTO_TEST_CASE(values_of_a_mount_are_expanded)
{
    const auto m = mount("type=cache,id=$I,target=$D", "ARG I=i\nENV D=/d\n");
    BOOST_TEST(m.id == "i");
    BOOST_TEST(m.target == "/d");
}

BOOST_AUTO_TEST_CASE(a_name_space_keeps_caches_apart)
{
    auto options = amd64();
    options.build_args["BUILDKIT_CACHE_MOUNT_NS"] = "mine";
    const auto plan = plan_of("FROM x\nRUN --mount=type=cache,target=/c true\n", options);
    BOOST_TEST(only_step<RunStep>(plan).mounts.at(0).id == "mine//c");
}

BOOST_AUTO_TEST_CASE(a_secret_has_a_place_unless_it_is_a_variable)
{
    BOOST_TEST(mount("type=secret,id=a/b").target == "/run/secrets/b");
    BOOST_TEST(mount("type=secret,source=s").id == "s");
    BOOST_TEST(mount("type=secret,target=t/file").id == "file");
    BOOST_TEST(mount("type=secret,target=t/file").target == "/w/t/file");
    const auto variable = mount("type=secret,id=token,env=TOKEN,required");
    BOOST_TEST(variable.env == "TOKEN");
    BOOST_TEST(variable.target.empty());
    BOOST_TEST(variable.required);
    BOOST_TEST(mount("type=secret,id=token,env=TOKEN,target=/t").target == "/t");
}

BOOST_AUTO_TEST_CASE(sockets_for_ssh_are_numbered)
{
    const auto plan = plan_of("FROM x\nRUN --mount=type=ssh --mount=type=ssh,id=k true\n");
    const auto mounts = only_step<RunStep>(plan).mounts;
    BOOST_TEST(mounts.at(0).id == "default");
    BOOST_TEST(mounts.at(0).target == "/run/buildkit/ssh_agent.0");
    BOOST_TEST(mounts.at(1).target == "/run/buildkit/ssh_agent.1");
}

BOOST_AUTO_TEST_CASE(a_tmpfs_has_a_size)
{
    const auto m = mount("type=tmpfs,target=/t,size=2k");
    BOOST_CHECK(m.type == MountType::tmpfs);
    BOOST_TEST(m.size == 2048U);
}

BOOST_DATA_TEST_CASE(mounts_that_cannot_be, refused)
{
    BOOST_TEST(!failure_of("FROM x\nWORKDIR /w\nRUN --mount=" + sample + " true\n").empty());
}
