#include "cli/signals.hh"

#include "base/error.hh"
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mica::cli {

namespace {

constexpr std::array<int, 3> watched{SIGINT, SIGTERM, SIGHUP};

bool is_ignored(int signal)
{
    struct sigaction action = {};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler == SIG_IGN; // NOLINT(cppcoreguidelines-pro-type-*): a macro of the C library
}

/// Ends the process as the signal would have without us.
[[noreturn]] void die_of(int signal)
{
    ::signal(signal, SIG_DFL);
    sigset_t only{};
    ::sigemptyset(&only);
    ::sigaddset(&only, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
}

} // namespace

void reset_signals()
{
    sigset_t none{};
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
}

SignalWatcher::SignalWatcher(std::stop_source stop) : stop_{std::move(stop)}
{
    ::signal(SIGPIPE, SIG_IGN);
    ::sigemptyset(&signals_);
    for (const int signal : watched) {
        if (signal != SIGHUP || !is_ignored(signal))
            ::sigaddset(&signals_, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    incoming_ = Fd{::signalfd(-1, &signals_, SFD_CLOEXEC)};
    ending_ = Fd{::eventfd(0, EFD_CLOEXEC)};
    if (!incoming_ || !ending_)
        throw system_error("prepare for signals", errno);
    thread_ = std::thread{[this] { watch(); }};
}

SignalWatcher::~SignalWatcher()
{
    const std::uint64_t one = 1;
    static_cast<void>(::write(ending_.get(), &one, sizeof one));
    thread_.join();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalWatcher::watch()
{
    std::array<pollfd, 2> polled{{{incoming_.get(), POLLIN, 0}, {ending_.get(), POLLIN, 0}}};
    while (true) {
        if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR)
            return;
        if (polled[1].revents != 0)
            return;
        signalfd_siginfo info{};
        if (polled[0].revents == 0 || ::read(incoming_.get(), &info, sizeof info) != ssize_t{sizeof info})
            continue;
        if (!stop_.request_stop())
            die_of(static_cast<int>(info.ssi_signo));
    }
}

} // namespace mica::cli
