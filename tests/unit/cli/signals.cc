#include "cli/signals.hh"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mica::cli;

namespace {

bool stopped_soon(const std::stop_source &stop)
{
    for (int i = 0; i < 500 && !stop.stop_requested(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return stop.stop_requested();
}

/// How a child ends that watches its signals and sends itself some.
int status_of_child(const std::function<void()> &body)
{
    const auto child = ::fork();
    if (child == 0) {
        body();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(the_first_signal_requests_a_stop)
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const int status = status_of_child([signal] {
            reset_signals();
            ::signal(SIGHUP, SIG_DFL);
            std::stop_source stop;
            const SignalWatcher watcher{stop};
            ::kill(::getpid(), signal);
            ::_exit(stopped_soon(stop) ? 0 : 1);
        });
        BOOST_TEST(status == 0);
    }
}

BOOST_AUTO_TEST_CASE(the_second_signal_kills)
{
    const int status = status_of_child([] {
        reset_signals();
        std::stop_source stop;
        const SignalWatcher watcher{stop};
        ::kill(::getpid(), SIGTERM);
        static_cast<void>(stopped_soon(stop));
        ::kill(::getpid(), SIGTERM);
        std::this_thread::sleep_for(std::chrono::seconds{10});
    });
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGTERM);
}

BOOST_AUTO_TEST_CASE(nohup_stays)
{
    const int status = status_of_child([] {
        reset_signals();
        ::signal(SIGHUP, SIG_IGN);
        std::stop_source stop;
        const SignalWatcher watcher{stop};
        ::kill(::getpid(), SIGHUP);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        ::_exit(stop.stop_requested() ? 1 : 0);
    });
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(reset_gives_the_state_of_a_fresh_program)
{
    const int status = status_of_child([] {
        ::signal(SIGPIPE, SIG_IGN);
        sigset_t all{};
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        reset_signals();
        sigset_t now{};
        ::sigprocmask(SIG_SETMASK, nullptr, &now);
        const bool fresh = ::sigismember(&now, SIGINT) == 0 && ::signal(SIGPIPE, SIG_DFL) == SIG_DFL;
        ::_exit(fresh ? 0 : 1);
    });
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
