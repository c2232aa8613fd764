#include "sandbox/supervisor/supervisor.hh"

#include "os/check.hh"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <utility>

namespace mica::sandbox {
namespace {

constexpr int interruption = SIGUSR1;

/// Interrupts what blocks, and nothing else: the calls are not restarted.
void make_interruptible()
{
    struct sigaction action{};
    action.sa_handler = [](int) {};
    os::check(::sigaction(interruption, &action, nullptr), "sigaction");
}

} // namespace

Supervisor::Supervisor(Fd listener, const Dispatch &dispatch, std::function<void()> on_failure,
                       unsigned threads)
    : listener_{std::move(listener)}, background_{listener_, interruption}, dispatch_{dispatch},
      on_failure_{std::move(on_failure)}, running_{threads}
{
    make_interruptible();
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

Supervisor::~Supervisor()
{
    stopping_ = true;
    // Again and again: a signal that comes just before a thread blocks is lost.
    while (running_ != 0) {
        for (auto &thread : threads_)
            ::pthread_kill(thread.native_handle(), interruption);
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    for (auto &thread : threads_)
        thread.join();
}

std::optional<Error> Supervisor::failure() const
{
    return failure_.with([](const auto &failure) { return failure; });
}

void Supervisor::work() noexcept
{
    try {
        serve();
    } catch (const Error &error) {
        fail(error);
    } catch (const std::exception &error) {
        fail(Error{ErrorKind::internal, error.what()});
    }
    --running_;
}

void Supervisor::serve()
{
    while (!stopping_) {
        if (auto call = listener_.receive())
            answer(*call);
        else if (listener_.at_end())
            return;
    }
}

void Supervisor::answer(SystemCall &call)
{
    const auto reply = reply_to(call);
    if (reply.kind() == Reply::Kind::later)
        background_.start(call, reply);
    else
        listener_.answer(call, reply);
}

Reply Supervisor::reply_to(SystemCall &call)
{
    if (failed_)
        return Reply::error(EIO);
    try {
        return dispatch_.reply(call);
    } catch (const CallFailed &failed) {
        return Reply::error(failed.error_number);
    } catch (const Error &error) {
        fail(error);
    } catch (const std::exception &error) {
        fail(Error{ErrorKind::internal, error.what()});
    }
    return Reply::error(EIO);
}

void Supervisor::fail(Error error)
{
    if (failed_.exchange(true))
        return;
    error.add_context("supervise the command");
    failure_.with([&](auto &failure) { failure = std::move(error); });
    if (on_failure_)
        on_failure_();
}

} // namespace mica::sandbox
