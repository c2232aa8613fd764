#pragma once
/// @file
/// A socket that leads to the user's ssh agent, for RUN --mount=type=ssh.
#include "io/fd.hh"
#include <filesystem>
#include <thread>

namespace mica::exec {

/// Listens on a socket of its own (whose owner and mode may be changed, which the agent's
/// may not) and passes every connection on, byte for byte, until it is destroyed.
class AgentForwarder {
public:
    /// Makes a new directory in `scratch` for the socket. Throws Error, also when nobody
    /// listens at `agent`.
    AgentForwarder(std::filesystem::path agent, const std::filesystem::path &scratch);
    ~AgentForwarder();
    AgentForwarder(const AgentForwarder &) = delete;
    AgentForwarder &operator=(const AgentForwarder &) = delete;

    [[nodiscard]] std::filesystem::path socket() const { return directory_ / "agent"; }

private:
    void serve() const;

    std::filesystem::path agent_;
    std::filesystem::path directory_;
    Fd listener_;
    Fd wake_, wake_end_; ///< closing wake_end_ ends everything
    std::thread thread_;
};

} // namespace mica::exec
