#include "cli/state_directory.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mica;
using namespace mica::cli;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    Fixture()
    {
        std::string name = fs::temp_directory_path() / "mica-state.XXXXXX";
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        parent = name;
    }
    ~Fixture() { fs::remove_all(parent); }
    [[nodiscard]] std::size_t scratch_count() const
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{parent / "state/tmp"}, {}));
    }
    fs::path parent;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_directory, Fixture)

BOOST_AUTO_TEST_CASE(it_is_made_for_its_owner_alone)
{
    const StateDirectory state{parent / "state/"};
    struct stat status = {};
    BOOST_REQUIRE(::stat(state.root().c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0700U);
    BOOST_TEST(state.images() == parent / "state/oci");
}

BOOST_AUTO_TEST_CASE(scratch_goes_with_its_owner)
{
    const StateDirectory state{parent / "state"};
    {
        const auto scratch = state.make_scratch({});
        std::ofstream{scratch.path() / "file"} << "x";
        fs::create_directories(scratch.path() / "a/b");
        BOOST_TEST(scratch_count() == 1U);
    }
    BOOST_TEST(scratch_count() == 0U);
}

BOOST_AUTO_TEST_CASE(the_living_keep_their_scratch)
{
    const StateDirectory state{parent / "state"};
    const auto scratch = state.make_scratch({});
    const StateDirectory other{parent / "state"};
    BOOST_TEST(other.remove_leftovers({}).empty());
    BOOST_TEST(fs::exists(scratch.path()));
}

BOOST_AUTO_TEST_CASE(the_dead_lose_theirs)
{
    const StateDirectory state{parent / "state"};
    const auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        const auto scratch = state.make_scratch({});
        std::ofstream{scratch.path() / "file"} << "x";
        ::_exit(0); // no destructor runs
    }
    ::waitpid(child, nullptr, 0);
    BOOST_TEST(scratch_count() == 1U);
    BOOST_TEST(state.remove_leftovers({}).empty());
    BOOST_TEST(scratch_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_is_told_with_a_hint)
{
    std::ofstream{parent / "file"} << "x";
    try {
        const StateDirectory state{parent / "file/state"};
        BOOST_FAIL("was accepted");
    } catch (const Error &error) {
        BOOST_TEST(error.hint().value().find("--state") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_place_is_chosen_by_option_environment_and_user)
{
    Environment root;
    root.is_root = true;
    BOOST_TEST(StateDirectory::choose(std::nullopt, root) == "/var/lib/mica");
    root.variables = {{"MICA_STATE", "/m"}, {"HOME", "/h"}};
    BOOST_TEST(StateDirectory::choose(std::nullopt, root) == "/m");
    BOOST_TEST(StateDirectory::choose(fs::path{"/o"}, root) == "/o");
    Environment user;
    BOOST_CHECK_THROW(StateDirectory::choose(std::nullopt, user), Error);
    user.variables = {{"HOME", "/h"}};
    BOOST_TEST(StateDirectory::choose(std::nullopt, user) == "/h/.local/share/mica");
    user.variables["XDG_DATA_HOME"] = "/x";
    BOOST_TEST(StateDirectory::choose(std::nullopt, user) == "/x/mica");
}

BOOST_AUTO_TEST_SUITE_END()
