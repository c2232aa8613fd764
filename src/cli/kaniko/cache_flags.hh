#pragma once
/// @file
/// The flags of Kaniko's cache, and what they mean to a build.
#include "cli/build_options.hh"
#include "cli/kaniko/flag.hh"
#include "oci/reference.hh"
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct CacheFlags {
    bool enabled = false;
    std::optional<cache::CachePlace> repository; ///< unset: that of the first destination, with "/cache"
    std::string directory = "/cache";            ///< of the warmer
    std::chrono::seconds time_to_live = std::chrono::hours{336};
    bool run_layers = true, no_push = false;
};

[[nodiscard]] std::vector<Flag> cache_flags(CacheFlags &into);

/// Kaniko's cache has a tag for each step. Mica's is one image, under this tag, and leaves Kaniko's alone.
inline constexpr const char *cache_tag = "mica";

/// `only_reads`: the image is not pushed either.
void apply_cache_flags(const CacheFlags &flags, std::span<const oci::Reference> destinations, bool only_reads,
                       BuildOptions &build);

} // namespace mica::cli::kaniko
