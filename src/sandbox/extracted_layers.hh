#pragma once
/// @file
/// The layers that are on disk, shared by all workspaces and processes of a machine.
#include "base/event.hh"
#include "os/file_lock.hh"
#include "sandbox/agent_process.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <stop_token>
#include <string>

namespace mica::sandbox {

/// A layer that is on disk and stays there while this lives.
struct HeldLayer {
    std::string name;
    os::FileLock lock;
};

/// DIRECTORY/NAME.lock is locked shared by who uses a layer, and exclusively by who
/// extracts or removes it. May be used from any thread.
class ExtractedLayers {
public:
    explicit ExtractedLayers(std::filesystem::path directory) : directory_{std::move(directory)} {}

    /// Extracts the layer through the helper if it is not there. Throws Error, Cancelled.
    [[nodiscard]] HeldLayer hold(const LayerSource &layer, AgentProcess &agent, EventBus &bus, TaskId parent,
                                 const std::stop_token &stop) const;
    [[nodiscard]] const std::filesystem::path &directory() const { return directory_; }

private:
    [[nodiscard]] bool is_there(const std::string &name) const;

    std::filesystem::path directory_;
};

} // namespace mica::sandbox
