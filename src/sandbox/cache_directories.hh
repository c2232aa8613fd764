#pragma once
/// @file
/// The directories of RUN --mount=type=cache, shared by all builds of a machine.
#include "base/event.hh"
#include "os/file_lock.hh"
#include "sandbox/agent_process.hh"
#include "sandbox/sandbox.hh"
#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>

namespace mica::sandbox {

/// A directory that this command may use while this lives.
struct HeldCache {
    std::string name;
    os::FileLock lock;
};

/// The caches of one command, by id: an id that it has twice is one directory.
using HeldCaches = std::map<std::string, HeldCache>;

/// DIRECTORY/NAME holds a cache, DIRECTORY/NAME.lock is locked by who uses it: shared, or
/// exclusively by who makes it or wants it alone. May be used from any thread.
class CacheDirectories {
public:
    /// `one_at_a_time`: a cache cannot be shown in two places, so that all want it alone.
    explicit CacheDirectories(std::filesystem::path directory, bool one_at_a_time = false)
        : directory_{std::move(directory)}, one_at_a_time_{one_at_a_time}
    {
    }

    /// Waits for what others have alone, and makes through the helper what is not there.
    /// Throws Error, Cancelled.
    [[nodiscard]] HeldCaches hold(std::span<const Mount> mounts, AgentProcess &agent, EventBus &bus,
                                  TaskId parent, const std::stop_token &stop) const;

private:
    [[nodiscard]] bool is_there(const std::string &name) const;
    [[nodiscard]] os::FileLock lock(const std::string &name, os::LockMode mode,
                                    const std::stop_token &stop) const;
    void make(const std::string &name, const CacheDirectory &cache, AgentProcess &agent, EventBus &bus,
              TaskId parent, const std::stop_token &stop) const;
    [[nodiscard]] HeldCache shared_one(const std::string &name, const CacheDirectory &cache,
                                       AgentProcess &agent, EventBus &bus, TaskId parent,
                                       const std::stop_token &stop) const;
    [[nodiscard]] HeldCache free_one(const std::string &name) const;

    std::filesystem::path directory_;
    bool one_at_a_time_;
};

} // namespace mica::sandbox
