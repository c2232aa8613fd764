#include "backends.hh"
#include <chrono>
#include <thread>

namespace {

using namespace mica::test;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(sandbox_commands)

BOOST_DATA_TEST_CASE(output_and_status_come_back, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    const auto result = shell.steps().sh("echo out; echo err >&2; exit 3");
    BOOST_TEST(result.out == "out\n");
    BOOST_TEST(result.err == "err\n");
    BOOST_TEST(result.status.code == 3);
}

BOOST_DATA_TEST_CASE(a_signal_is_128_and_its_number, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    const auto result = shell.steps().sh("kill -TERM $$");
    BOOST_TEST(result.status.code == 128 + 15);
    BOOST_TEST(result.status.signal == 15);
}

BOOST_DATA_TEST_CASE(a_missing_program_is_127, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("");
    command.argv = {"nonesuch"};
    const auto result = shell.steps().run(command);
    BOOST_TEST(result.status.code == 127);
    BOOST_TEST(result.err == "exec: \"nonesuch\": executable file not found in $PATH\n");
}

BOOST_DATA_TEST_CASE(a_file_that_is_no_program_is_126, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("");
    command.argv = {"/etc/passwd"};
    BOOST_TEST(shell.steps().run(command).status.code == 126);
}

BOOST_DATA_TEST_CASE(no_process_outlives_its_command, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    const auto begin = std::chrono::steady_clock::now();
    shell.out(
        "(setsid sh -c 'while true; do date > /tmp/alive; sleep 0.01; done' &) ; sleep 1000 & echo started");
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{5}));
    BOOST_TEST(shell.out("ps | grep -c '[s]leep 1000'; true") == "0\n");
}

BOOST_DATA_TEST_CASE(a_stop_kills_everything, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    std::stop_source source;
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        source.request_stop();
    }};
    BOOST_CHECK_THROW(shell.steps().run(Steps::shell("trap '' TERM INT; sleep 1000"), source.get_token()),
                      mica::Cancelled);
    BOOST_TEST(shell.out("echo again") == "again\n");
}

BOOST_DATA_TEST_CASE(what_the_visitor_throws_ends_the_command, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    const auto fail = [](bool, mica::BytesView) {
        throw mica::Error{mica::ErrorKind::io, "the terminal is gone"};
    };
    BOOST_TEST(error_of([&] {
                   (void)shell.steps().workspace().run(Steps::shell("echo x; sleep 1000"), fail, {});
               }).message() == "the terminal is gone");
}

BOOST_DATA_TEST_CASE(environment_and_standard_input_are_what_was_asked_for, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("env | sort; wc -c; umask; pwd");
    command.environment = {"PATH=/bin", "A=b c"};
    command.working_directory = "/home/new/place";
    BOOST_TEST(shell.steps().run(command).out ==
               "A=b c\nPATH=/bin\nPWD=/home/new/place\nSHLVL=1\n0\n0022\n/home/new/place\n");
    const Lines expected{"dir home 755 0:0", "dir home/new 755 0:0", "dir home/new/place 755 0:0"};
    BOOST_TEST(shell.seal() == expected, per_element());
}

BOOST_DATA_TEST_CASE(no_signal_is_ignored_or_blocked, backends, backend)
{
    Shell shell{backend};
    if (!shell)
        return;
    auto command = Steps::shell("");
    command.argv = {"grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"};
    BOOST_TEST(shell.steps().run(command).out == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
