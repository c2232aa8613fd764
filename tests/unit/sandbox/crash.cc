#include "backends.hh"
#include "os/socket.hh"
#include "sandbox/scratch_space.hh"
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace mica::test;

/// A build of its own that runs `script` and is killed when that has written something.
void build_and_be_killed(mica::sandbox::Backend &backend, const std::string &script)
{
    auto [said, say] = mica::os::pipe();
    const pid_t build = ::fork();
    if (build == 0) {
        Steps steps{backend, {busybox_root().layer()}};
        const auto tell = [&](bool, mica::BytesView bytes) { mica::write_all(say.get(), bytes); };
        (void)steps.workspace().run(Steps::shell(script), tell, {});
        ::_exit(0);
    }
    char byte = 0;
    BOOST_TEST(::read(said.get(), &byte, 1) == 1);
    ::kill(build, SIGKILL);
    ::waitpid(build, nullptr, 0);
}

template <class Condition> bool becomes_true(Condition &&condition)
{
    for (int i = 0; i < 500; ++i) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
}

BOOST_AUTO_TEST_SUITE(sandbox_crash)

BOOST_DATA_TEST_CASE(nothing_runs_on_when_the_build_is_killed, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    build_and_be_killed(*machine.backend,
                        "mkdir -m 0 /closed; echo x > /closed/f; echo ready; while sleep 0.01; do :; done");
    BOOST_TEST(becomes_true([&] {
        const auto scratch = machine.state.path() / "scratch";
        return std::ranges::none_of(std::filesystem::directory_iterator{scratch}, [](const auto &entry) {
            return entry.is_directory() && !std::filesystem::is_empty(entry.path());
        });
    }));
}

BOOST_AUTO_TEST_CASE(the_scratch_of_the_dead_is_found_when_it_is_old)
{
    const TemporaryDirectory place;
    std::filesystem::create_directory(place / "work-dead");
    mica::write_file_atomically(place / "work-dead.lock", "");
    mica::sandbox::ScratchSpace alive{place.path()};
    BOOST_TEST(mica::sandbox::AbandonedScratch::find(place.path()).empty());
    const timespec old[2] = {{1000, 0}, {1000, 0}};
    for (const auto &entry : std::filesystem::directory_iterator{place.path()})
        BOOST_TEST(::utimensat(AT_FDCWD, entry.path().c_str(), old, 0) == 0);
    const auto found = mica::sandbox::AbandonedScratch::find(place.path());
    BOOST_TEST(found.size() == 1U);
    BOOST_TEST(found.front().name() == "work-dead");
    found.front().forget();
    BOOST_TEST(!std::filesystem::exists(place / "work-dead.lock"));
    BOOST_TEST(std::filesystem::exists(alive.path()));
}

BOOST_DATA_TEST_CASE(the_scratch_of_the_dead_is_removed_by_the_next, backends, backend)
{
    const Machine machine{backend};
    if (!machine)
        return;
    const auto dead = machine.state.path() / "scratch" / "work-dead";
    std::filesystem::create_directories(dead / "0" / "upper");
    mica::write_file_atomically(dead.native() + ".lock", "");
    const timespec old[2] = {{1000, 0}, {1000, 0}};
    BOOST_TEST(::utimensat(AT_FDCWD, (dead.native() + ".lock").c_str(), old, 0) == 0);
    {
        Steps steps{*machine.backend, {busybox_root().layer()}};
        BOOST_TEST(!std::filesystem::exists(dead));
    }
    BOOST_TEST(std::filesystem::is_empty(dead.parent_path()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
