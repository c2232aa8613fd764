#pragma once
/// @file
/// Which ids of the machine stand for which ids in a user namespace.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mica::sandbox {

/// `count` ids from `inside` on are those from `outside` on.
struct IdRange {
    std::uint32_t inside = 0, outside = 0, count = 0;
    bool operator==(const IdRange &) const = default;
};

struct IdMaps {
    std::vector<IdRange> uids, gids;
    /// Written by newuidmap(1) and newgidmap(1), which check /etc/subuid, and not by mica itself.
    bool through_helpers = false;
    /// Only the caller's own id: whoever is not root cannot give more without help.
    [[nodiscard]] bool is_single() const { return uids.size() == 1 && uids.front().count == 1; }
};

/// The lines of a map file ("inside outside count" each), or of /proc/PID/uid_map.
[[nodiscard]] std::string map_text(const std::vector<IdRange> &ranges);

/// The same ids inside as outside, for all that a namespace's own map (the text of
/// /proc/self/uid_map) has.
[[nodiscard]] std::vector<IdRange> identity_of(std::string_view own_map);

/// Id 0 is `id`, and 1 and up are the ranges that `subids` (the text of /etc/subuid or
/// /etc/subgid) gives to the user, by name or number.
[[nodiscard]] std::vector<IdRange> rootless_map(std::string_view subids, std::string_view user,
                                                std::uint32_t uid, std::uint32_t id);

/// What this process may use: everything if it is root, else its subordinate ids. Throws
/// Error (unsupported) with what is missing.
[[nodiscard]] IdMaps available_maps();

/// Root alone, who is the caller: what every kernel lets everybody do that may make user
/// namespaces at all.
[[nodiscard]] IdMaps single_maps();

/// Writes the maps of a process that has just made its namespace.
void write_id_maps(pid_t pid, const IdMaps &maps);

} // namespace mica::sandbox
