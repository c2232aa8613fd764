#pragma once
/// @file
/// The layers that are on disk, shared by all workspaces and processes of a machine.
#include "base/event.hh"
#include "os/file_lock.hh"
#include "sandbox/agent_process.hh"
#include "sandbox/extractor.hh"
#include "sandbox/protocol.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace mica::sandbox {

/// A layer that is on disk and stays there while this lives.
struct HeldLayer {
    std::string name;
    os::FileLock lock;
};

/// Sends a tar to the helper, which extracts it and gives it its name only when the tar has
/// been read to its end without an error (a layer's source checks the digest there). Throws Error, Cancelled;
/// then nothing is there.
ExtractAnswer extract(const ExtractRequest &what, std::unique_ptr<Source> tar, AgentProcess &agent,
                      Task &task, const std::stop_token &stop);

/// Tells the user when the disk has less than the layer (see EntryWriter).
void warn_of_stand_ins(const LayerNotes &notes, const LayerSource &layer, EventBus &bus);

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
