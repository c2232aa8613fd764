#include "net/loop.hh"

#include <csignal>

namespace mica::net {

namespace {

constexpr int poll_milliseconds = 1000; ///< how often stalls are looked for
constexpr std::size_t most_idle_handles = 16;
constexpr long most_idle_connections = 32;

/// Signals are the business of the thread that waits for them; and a peer that closed must
/// not kill the program by SIGPIPE.
void block_signals()
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

} // namespace

Loop::Loop(Settings settings) : settings_{std::move(settings)}, multi_{curl_multi_init()}
{
    if (!multi_)
        throw Error{ErrorKind::internal, "libcurl could not be started"};
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, most_idle_connections);
    thread_ = std::thread{[this] {
        block_signals();
        run();
    }};
}

Loop::~Loop()
{
    post({Order::quit, nullptr});
    thread_.join();
}

void Loop::start(std::shared_ptr<Transfer> transfer)
{
    post({Order::start, std::move(transfer)});
}

void Loop::resume(std::shared_ptr<Transfer> transfer)
{
    post({Order::resume, std::move(transfer)});
}

void Loop::cancel(std::shared_ptr<Transfer> transfer)
{
    post({Order::cancel, std::move(transfer)});
}

void Loop::post(Command command)
{
    commands_.with([&](auto &commands) { commands.push_back(std::move(command)); });
    curl_multi_wakeup(multi_.get());
}

void Loop::run()
{
    while (obey()) {
        int still_running = 0;
        curl_multi_perform(multi_.get(), &still_running);
        collect_finished();
        drop_stalled();
        curl_multi_poll(multi_.get(), nullptr, 0, poll_milliseconds, nullptr);
    }
    while (!running_.empty())
        end(running_.begin()->first, Failure{FailureKind::other, "the network client was closed"});
}

/// False: time to end.
bool Loop::obey()
{
    auto commands = commands_.with([](auto &waiting) { return std::exchange(waiting, {}); });
    for (auto &[order, transfer] : commands) {
        switch (order) {
        case Order::start:
            begin(transfer);
            break;
        case Order::resume:
            if (auto *handle = find(*transfer))
                curl_easy_pause(handle, CURLPAUSE_CONT);
            break;
        case Order::cancel:
            if (auto *handle = find(*transfer))
                end(handle, Failure{FailureKind::other, "the exchange was given up"});
            break;
        case Order::quit:
            return false;
        }
    }
    return true;
}

void Loop::begin(const std::shared_ptr<Transfer> &transfer)
try {
    EasyHandle handle;
    if (idle_.empty()) {
        handle.reset(curl_easy_init());
    } else {
        handle = std::move(idle_.back());
        idle_.pop_back();
    }
    if (!handle)
        throw Failure{FailureKind::other, "out of memory for an exchange"};
    auto easy = std::make_unique<Easy>(std::move(handle), transfer, settings_);
    auto *raw = easy->handle();
    running_.emplace(raw, std::move(easy));
    if (const auto result = curl_multi_add_handle(multi_.get(), raw); result != CURLM_OK) {
        running_.erase(raw);
        throw Failure{FailureKind::other, curl_multi_strerror(result)};
    }
} catch (const std::exception &error) {
    transfer->on_end(Failure{FailureKind::other, error.what()});
}

void Loop::collect_finished()
{
    int left = 0;
    while (const auto *message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        auto *handle = message->easy_handle;
        const auto found = running_.find(handle);
        if (found != running_.end())
            end(handle, found->second->outcome(message->data.result));
    }
}

void Loop::drop_stalled()
{
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::pair<CURL *, Failure>> stalled;
    for (const auto &[handle, easy] : running_)
        if (auto failure = easy->stalled(settings_.options, now))
            stalled.emplace_back(handle, std::move(*failure));
    for (auto &[handle, failure] : stalled)
        end(handle, std::move(failure));
}

void Loop::end(CURL *handle, std::optional<Failure> failure)
{
    const auto found = running_.find(handle);
    auto easy = std::move(found->second);
    running_.erase(found);
    curl_multi_remove_handle(multi_.get(), handle);
    // A handle that failed before it had a connection keeps buffers, and then refuses options.
    const bool reusable = !failure;
    easy->transfer().on_end(std::move(failure));
    if (!reusable)
        return;
    auto free = easy->release();
    curl_easy_reset(free.get());
    if (idle_.size() < most_idle_handles)
        idle_.push_back(std::move(free));
}

CURL *Loop::find(const Transfer &transfer) const
{
    for (const auto &[handle, easy] : running_)
        if (&easy->transfer() == &transfer)
            return handle;
    return nullptr;
}

} // namespace mica::net
