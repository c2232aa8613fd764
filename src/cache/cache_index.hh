#pragma once
/// @file
/// The table of contents of a cache image (docs/formats.md, "Cache image").
#include "base/clock.hh"
#include "cache/entry.hh"
#include <map>
#include <string>
#include <string_view>

namespace mica::cache {

struct CacheIndex {
    struct Item {
        CacheEntry entry;
        Time used{}; ///< when a build last found or made it
        bool operator==(const Item &) const = default;
    };
    std::map<CacheKey, Item> items;
    /// Layers of base images whose trees are there, and when a build last started from them.
    std::map<Digest, Time> bases;
    bool operator==(const CacheIndex &) const = default;
};

[[nodiscard]] std::string to_json(const CacheIndex &index);
/// Throws Error (integrity).
[[nodiscard]] CacheIndex parse_cache_index(std::string_view json);

} // namespace mica::cache
