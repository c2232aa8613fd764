#include "os/process.hh"

#include "os/socket.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace mica::test;
namespace os = mica::os;

/// A shell script as a process; its standard error comes back as text.
struct Script {
    os::Process process;
    mica::Fd errors;
    explicit Script(const std::string &script)
    {
        auto [read_end, write_end] = os::pipe();
        os::SpawnOptions options;
        options.executable = "/bin/sh";
        options.argv = {"sh", "-c", script};
        options.environment = {"A=b"};
        options.standard_error = write_end.get();
        process = os::spawn(options);
        errors = std::move(read_end);
    }
    std::string text()
    {
        mica::FdSource source{std::move(errors)};
        return mica::read_all(source);
    }
};

BOOST_AUTO_TEST_SUITE(os_process)

BOOST_AUTO_TEST_CASE(status_environment_and_error_output_are_the_childs)
{
    Script script{"echo $A >&2; exit 7"};
    BOOST_TEST(script.text() == "b\n");
    BOOST_TEST(script.process.wait().shell_status() == 7);
}

BOOST_AUTO_TEST_CASE(a_signal_is_told_apart_from_a_status)
{
    Script script{"kill -9 $$"};
    const auto ended = script.process.wait();
    BOOST_TEST(ended.by_signal);
    BOOST_TEST(ended.value == SIGKILL);
    BOOST_TEST(ended.shell_status() == 137);
}

BOOST_AUTO_TEST_CASE(a_child_has_a_session_of_its_own_and_default_signals)
{
    ::signal(SIGPIPE, SIG_IGN);
    Script script{
        "read -r _ _ _ _ _ session _ < /proc/$$/stat; test $session = $$ && grep SigIgn /proc/$$/status >&2"};
    const auto ignored = std::stoull(script.text().substr(std::string{"SigIgn:"}.size()), nullptr, 16);
    BOOST_TEST((ignored & (1ULL << (SIGPIPE - 1))) == 0U);
    ::signal(SIGPIPE, SIG_DFL);
}

BOOST_AUTO_TEST_CASE(a_handle_that_goes_takes_its_process_with_it)
{
    pid_t pid = 0;
    {
        const Script script{"exec sleep 1000"};
        pid = script.process.pid();
        BOOST_TEST(!script.process.dies_within(1));
    }
    BOOST_TEST(::kill(pid, 0) != 0);
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_an_error)
{
    os::SpawnOptions options;
    options.executable = "/nonexistent";
    options.argv = {"x"};
    BOOST_TEST(kind_of([&] { (void)os::spawn(options); }) == mica::ErrorKind::not_found);
}

BOOST_AUTO_TEST_CASE(orphans_of_every_depth_are_killed)
{
    // In a process of its own, since the test's other children must live.
    const pid_t child = ::fork();
    if (child == 0) {
        os::adopt_orphans();
        if (::fork() == 0) {
            if (::fork() == 0) {
                ::setsid();
                ::pause();
            }
            ::pause();
        }
        ::usleep(20'000);
        os::kill_children();
        ::_exit(::wait(nullptr) < 0 && errno == ECHILD ? 0 : 1);
    }
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
