#pragma once
/// @file
/// The limit of the state directory, kept by the builds themselves.
#include "base/event.hh"
#include "cli/environment.hh"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>

namespace mica::cli {

class StateLimit {
public:
    /// `bytes`: what --keep-storage says; unset: $MICA_KEEP_STORAGE, else there is no limit. `state`: what
    /// --state says. Throws Error (usage) for a variable that is no size.
    StateLimit(std::optional<std::uint64_t> bytes, const std::optional<std::filesystem::path> &state,
               const Environment &environment);

    /// To be called when no build of this process is under way: removes what was not used for the longest
    /// time until the directory is within the limit. Images that were kept under a name, and what builds of
    /// other processes use, stay; when that is more than the limit, it is a warning, and so is a directory
    /// that cannot be pruned: the build is done. Throws Cancelled.
    void keep(EventBus &bus, const std::stop_token &stop) const;

private:
    std::optional<std::uint64_t> bytes_;
    std::filesystem::path root_;
};

} // namespace mica::cli
