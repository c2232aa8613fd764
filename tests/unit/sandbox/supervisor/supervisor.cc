#include "sandbox/supervisor/supervisor.hh"

#include "os/process.hh"
#include "os/socket.hh"
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace mica;
using namespace mica::sandbox;

/// Runs `body` in a supervised child; its exit status.
int supervise(const Dispatch &dispatch, const std::function<int()> &body,
              const std::function<void(const Supervisor &)> &afterwards = {})
{
    auto [ours, theirs] = os::socket_pair();
    const auto filter = dispatch.filter();
    const pid_t child = ::fork();
    if (child == 0) {
        ours.reset();
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        enter_supervision(theirs.get(), filter);
        ::_exit(body());
    }
    theirs.reset();
    int status = 0;
    const Supervisor supervisor{receive_listener(ours.get()), dispatch, [=] { ::kill(child, SIGKILL); }};
    release_supervised(ours.get());
    ::waitpid(child, &status, 0);
    if (afterwards)
        afterwards(supervisor);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

BOOST_AUTO_TEST_SUITE(sandbox_supervisor)

BOOST_AUTO_TEST_CASE(a_handler_gives_the_value)
{
    Dispatch dispatch;
    dispatch.on("getuid", [](SystemCall &) { return Reply::value(77); });
    BOOST_TEST(supervise(dispatch, [] { return static_cast<int>(::getuid()); }) == 77);
}

BOOST_AUTO_TEST_CASE(a_handler_gives_the_error)
{
    Dispatch dispatch;
    dispatch.on("rmdir", [](SystemCall &) -> Reply { throw CallFailed{EXDEV}; });
    dispatch.on("unlinkat", [](SystemCall &) { return Reply::error(EXDEV); });
    BOOST_TEST(supervise(dispatch, [] { return ::rmdir("/nowhere") == 0 ? 0 : errno; }) == EXDEV);
}

BOOST_AUTO_TEST_CASE(text_is_read_and_memory_written)
{
    Dispatch dispatch;
    dispatch.on("readlinkat", [](SystemCall &call) {
        const auto path = call.text(1) + "!";
        call.write(call.argument(2), std::as_bytes(std::span{path}));
        return Reply::value(static_cast<std::int64_t>(path.size()));
    });
    const auto body = [] {
        std::array<char, 16> text{};
        const auto size = ::readlinkat(AT_FDCWD, "abc", text.data(), text.size());
        return size == 4 && std::strcmp(text.data(), "abc!") == 0 ? 0 : 1;
    };
    BOOST_TEST(supervise(dispatch, body) == 0);
}

BOOST_AUTO_TEST_CASE(a_bad_pointer_is_the_callers_own_fault)
{
    Dispatch dispatch;
    dispatch.on("readlinkat",
                [](SystemCall &call) { return Reply::value(static_cast<int>(call.text(1).size())); });
    const auto body = [] {
        char byte = 0;
        return ::readlinkat(AT_FDCWD, reinterpret_cast<const char *>(8), &byte, 1) < 0 ? errno : 0;
    };
    BOOST_TEST(supervise(dispatch, body) == EFAULT);
}

BOOST_AUTO_TEST_CASE(a_descriptor_is_put_into_the_process)
{
    Dispatch dispatch;
    dispatch.on("openat",
                [](SystemCall &) { return Reply::descriptor(open_file("/dev/zero", O_RDONLY), true); });
    const auto body = [] {
        const int file = ::open("/nowhere", O_RDONLY);
        char byte = 1;
        return ::read(file, &byte, 1) == 1 && byte == 0 && ::fcntl(file, F_GETFD) == FD_CLOEXEC ? 0 : 1;
    };
    BOOST_TEST(supervise(dispatch, body) == 0);
}

BOOST_AUTO_TEST_CASE(the_kernel_tells_only_of_what_was_asked)
{
    Dispatch dispatch;
    std::atomic<int> calls = 0;
    const Handler count = [&](SystemCall &) {
        ++calls;
        return Reply::pass();
    };
    dispatch.on("openat", count, When{2, O_CREAT});
    const auto body = [] {
        (void)::open("/dev/null", O_RDONLY);
        return ::open("/dev/null", O_WRONLY | O_CREAT, 0600) >= 0 ? 0 : 1;
    };
    BOOST_TEST(supervise(dispatch, body) == 0);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(the_first_handler_that_does_not_pass_decides)
{
    Dispatch dispatch;
    dispatch.on("getgid", [](SystemCall &) { return Reply::pass(); });
    dispatch.on("getgid", [](SystemCall &) { return Reply::value(1); });
    dispatch.on("getgid", [](SystemCall &) { return Reply::value(2); });
    BOOST_TEST(supervise(dispatch, [] { return static_cast<int>(::getgid()); }) == 1);
}

BOOST_AUTO_TEST_CASE(some_calls_are_answered_by_the_filter)
{
    Dispatch dispatch;
    dispatch.answer("rmdir", EXDEV);
    dispatch.answer("prctl", 0, When{0, PR_SET_DUMPABLE, true});
    const auto body = [] {
        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1 && ::rmdir("/nowhere") == -1 && errno == EXDEV ? 0
                                                                                                        : 1;
    };
    BOOST_TEST(supervise(dispatch, body) == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_of_a_handler_ends_the_command)
{
    Dispatch dispatch;
    dispatch.on("getuid", [](SystemCall &) -> Reply { throw Error{ErrorKind::internal, "broken"}; });
    const auto body = [] {
        (void)::getuid();
        ::pause();
        return 0;
    };
    const auto look = [](const Supervisor &supervisor) {
        BOOST_REQUIRE(supervisor.failure().has_value());
        BOOST_TEST(supervisor.failure()->message() == "broken");
    };
    BOOST_TEST(supervise(dispatch, body, look) == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(many_processes_at_once)
{
    Dispatch dispatch;
    dispatch.on("getuid", [](SystemCall &call) { return Reply::value(call.thread()); });
    const auto body = [] {
        for (int i = 0; i < 4; ++i)
            if (::fork() == 0) {
                for (int round = 0; round < 2000; ++round)
                    if (static_cast<pid_t>(::getuid()) != ::getpid())
                        ::_exit(1);
                ::_exit(0);
            }
        int failures = 0;
        int status = 0;
        while (::wait(&status) > 0)
            failures += status == 0 ? 0 : 1;
        return failures;
    };
    BOOST_TEST(supervise(dispatch, body) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
