#pragma once
/// @file
/// What a step depends on, as a digest. Two steps with one key make layers that may
/// stand for each other; so everything that the result depends on is a part, and
/// nothing else is (docs/formats.md, "Cache keys").
#include "base/digest.hh"
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cache {

/// A strong type: a key is never mistaken for a blob's digest.
struct CacheKey {
    Digest value;
    auto operator<=>(const CacheKey &) const = default;
};

/// One thing that a step depends on, kept beside the entry to explain a miss later.
/// Values hold no secret: what is secret is no part of a key.
struct KeyPart {
    std::string name, value;
    bool operator==(const KeyPart &) const = default;
};

/// The key of a step: SHA-256 over the format's version and every part, each framed by
/// its length, in the order given.
[[nodiscard]] CacheKey make_key(const std::vector<KeyPart> &parts);

/// A list as one value that no other list has: each item framed by its length.
[[nodiscard]] std::string frame_list(const std::vector<std::string> &items);
/// The items again; nullopt for what frame_list() does not make.
[[nodiscard]] std::optional<std::vector<std::string>> unframe_list(std::string_view text);

} // namespace mica::cache
