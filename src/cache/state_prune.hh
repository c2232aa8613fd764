#pragma once
/// @file
/// Making room in a state directory, the longest unused first.
///
/// Nothing in use goes: extracted layers and cache mounts are locked by who uses them; layers
/// that a running build may have found in the cache have been marked as used since it
/// began; other blobs stay while any build runs. Every removal is one rename or unlink, so that
/// who is killed halfway leaves nothing that looks whole and is not.
#include "cache/state_survey.hh"
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cache {

struct PruneOptions {
    std::optional<std::uint64_t> keep_storage;      ///< bytes in all that may stay
    std::optional<std::chrono::seconds> unused_for; ///< what was used since then stays
    bool mounts = true;                             ///< cache mounts may go, too
};

struct PruneReport {
    std::uint64_t freed = 0, left = 0; ///< bytes
    std::size_t removed = 0;
    std::vector<std::string> stayed; ///< what should have gone and did not, and why
};

/// With neither limit everything goes that may. Throws Error, Cancelled.
[[nodiscard]] PruneReport prune(const StatePaths &paths, const PruneOptions &options, Time now,
                                const std::stop_token &stop);

} // namespace mica::cache
