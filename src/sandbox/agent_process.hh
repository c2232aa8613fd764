#pragma once
/// @file
/// mica's end of a workspace's helper process.
#include "base/guarded.hh"
#include "os/process.hh"
#include "sandbox/channel.hh"
#include "sandbox/id_map.hh"
#include "sandbox/protocol.hh"
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace mica::sandbox {

/// What a helper process needs to know to start.
struct AgentOptions {
    Confinement confinement{};
    std::optional<IdMaps> user_namespace; ///< none: real root
    bool fake_root = false;               ///< see SetupRequest
    Storage storage{};
    std::string layers, caches, scratch; ///< directories: see SetupRequest
};

/// Opens files of finished steps through the helper; outlives it (and then throws).
/// May be used from any thread.
class ContentOpener {
public:
    ContentOpener(Channel channel, std::string scratch)
        : channel_{std::move(channel)}, scratch_{std::move(scratch)}
    {
    }
    [[nodiscard]] Fd open(const std::string &directory, const std::string &path);

private:
    std::mutex mutex_;
    Channel channel_;
    std::string scratch_;
};

/// Started, in its namespaces, and ready. One thread at a time. The destructor ends it
/// and waits until its scratch directory is empty.
class AgentProcess {
public:
    /// Throws Error, with the errno, when the namespaces cannot be had.
    explicit AgentProcess(const AgentOptions &options);
    ~AgentProcess();
    AgentProcess(const AgentProcess &) = delete;
    AgentProcess &operator=(const AgentProcess &) = delete;

    /// Sends a request and waits for the answer; throws what the helper threw.
    Message ask(Ask what, std::string_view body = {}, std::span<const int> fds = {});
    /// The two halves of ask(), for requests during which something else is to be done.
    void send(Ask what, std::string_view body = {}, std::span<const int> fds = {});
    [[nodiscard]] Message receive();
    /// Readable when an answer is there.
    [[nodiscard]] int fd() const noexcept { return channel_.fd(); }
    [[nodiscard]] std::shared_ptr<ContentOpener> contents() const { return contents_; }

private:
    explicit AgentProcess(const AgentOptions &options, std::pair<Fd, Fd> control);

    Channel channel_;
    os::Process process_;
    std::shared_ptr<ContentOpener> contents_;
};

} // namespace mica::sandbox
