#pragma once
/// @file
/// What an earlier build learnt: which layer a key led to. The JSON form is the same in
/// the state directory and in shared caches (docs/formats.md, "Cache entries").
#include "base/clock.hh"
#include "cache/key.hh"
#include "oci/model.hh"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cache {

/// Where in which build a step stood, to find the entry that a miss is compared with. No
/// part of a key.
struct StepPlace {
    std::string stage;        ///< the Dockerfile's name and the stage's
    std::uint32_t number = 0; ///< of the step in its stage, from zero
    std::string text;         ///< the instruction as the user reads it
    bool operator==(const StepPlace &) const = default;
};

struct CacheEntry {
    oci::Layer layer;
    Time created{}; ///< when the layer was made: the time that its image has it from
    StepPlace place{};
    Time
        made{}; ///< by the clock of who made it, whatever time the image has; what a time to live counts from
    bool operator==(const CacheEntry &) const = default;
};

[[nodiscard]] std::string to_json(const CacheEntry &entry);
/// Throws Error (integrity) for what is no entry, or one of another version.
[[nodiscard]] CacheEntry parse_entry(std::string_view json);

[[nodiscard]] std::string to_json(const std::vector<KeyPart> &parts);
/// Throws Error (integrity).
[[nodiscard]] std::vector<KeyPart> parse_parts(std::string_view json);

} // namespace mica::cache
