#pragma once
/// @file
/// The network thread. Private to net/.
#include "base/guarded.hh"
#include "net/easy.hh"
#include <curl/curl.h>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mica::net {

/// Owns the multi handle and every connection. start(), resume() and cancel() may be called
/// from any thread and only post; all work is done by the loop's own thread.
class Loop {
public:
    explicit Loop(Settings settings);
    /// Ends what is still running (its waiters get a Failure) and joins.
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void start(std::shared_ptr<Transfer> transfer);
    /// Goes on with a transfer that paused.
    void resume(std::shared_ptr<Transfer> transfer);
    /// Drops the transfer; its connection is closed unless it had ended.
    void cancel(std::shared_ptr<Transfer> transfer);

private:
    enum class Order : std::uint8_t { start, resume, cancel, quit };
    struct Command {
        Order order{};
        std::shared_ptr<Transfer> transfer;
    };
    void post(Command command);
    void run();
    [[nodiscard]] bool obey();
    void begin(const std::shared_ptr<Transfer> &transfer);
    void collect_finished();
    void drop_stalled();
    void end(CURL *handle, std::optional<Failure> failure);
    [[nodiscard]] CURL *find(const Transfer &transfer) const;

    const Settings settings_;
    Handle<CURLM, curl_multi_cleanup> multi_;
    Guarded<std::vector<Command>> commands_;
    // The loop's thread alone:
    std::unordered_map<CURL *, std::unique_ptr<Easy>> running_;
    std::vector<EasyHandle> idle_;
    std::thread thread_;
};

} // namespace mica::net
