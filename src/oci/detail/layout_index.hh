#pragma once
/// @file
/// Inside oci/ only: changes to the text of a layout's index.json.
#include "oci/model.hh"
#include <string>
#include <string_view>

namespace mica::oci::detail {

inline constexpr const char *ref_name = "org.opencontainers.image.ref.name";
inline constexpr const char *full_name = "io.containerd.image.name";

/// The index with the manifest added under the names that `entry` has in its annotations.
/// Edited as JSON, so that what other tools wrote there and mica does not know stays. Throws
/// Error (integrity) for a text that is not an index.
[[nodiscard]] std::string add_to_index(std::string_view index_json, const Descriptor &entry);

} // namespace mica::oci::detail
