#pragma once
/// @file
/// Directories of RUN --mount=type=cache, packed to travel with a shared cache.
#include "cache/build_cache.hh"
#include "exec/build.hh"
#include <cstdint>
#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

struct MountExport {
    bool all = false;
    std::set<std::string> ids;                      ///< unless all
    std::uint64_t largest = std::uint64_t{2} << 30; ///< bytes of one mount; a larger one stays here
    [[nodiscard]] bool is_wanted(const std::string &id) const { return all || ids.contains(id); }
};

/// The wanted ones among the mounts that this build's commands had, from `directory` (the
/// state's cache-mounts/). Files get the owner that the mount's options name, as the disk
/// may have a stand-in. What cannot be packed is a warning. Throws Cancelled.
[[nodiscard]] std::vector<cache::PackedMount> pack_mounts(const MountExport &wanted,
                                                          const std::filesystem::path &directory,
                                                          Services &services, const std::stop_token &stop);

} // namespace mica::exec
