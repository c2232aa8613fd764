#pragma once
/// @file
/// What one layer has, to be compared: every change, and what its bytes hash to.
#include "base/digest.hh"
#include "layer/change.hh"
#include "oci/image.hh"
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::verify {

struct ListedChange {
    layer::Change change;          ///< content null
    std::optional<Digest> content; ///< regular files with bytes
};

struct PathOrder {
    bool operator()(std::string_view a, std::string_view b) const { return layer::path_less(a, b); }
};

/// By path. An opaque mark stands under the name of its whiteout, as a directory may be there too.
using Listing = std::map<std::string, ListedChange, PathOrder>;

/// Streams the layer once. Of an entry that comes twice the last one counts.
[[nodiscard]] Listing list_layer(const oci::PlacedLayer &layer, const std::stop_token &stop);

/// The bytes of some of its files, as far as they are no longer than `most_bytes` each and
/// `most_in_all` together. Streams the layer once more.
[[nodiscard]] std::map<std::string, std::string>
read_files(const oci::PlacedLayer &layer, const std::set<std::string> &paths, std::uint64_t most_bytes,
           std::uint64_t most_in_all, const std::stop_token &stop);

} // namespace mica::verify
