#pragma once
/// @file
/// JSON of the OCI types. Writing is canonical: fixed key order, no blanks, so
/// equal values have equal bytes and digests. Reading is bounded and strict in
/// what mica uses, tolerant of unknown fields; it throws Error (integrity).
#include "oci/image_config.hh"
#include "oci/model.hh"
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace mica::oci {

/// Longer documents are not read: what registries agree to store, and what images have.
inline constexpr std::size_t manifest_limit = std::size_t{4} << 20;
inline constexpr std::size_t config_limit = std::size_t{16} << 20;

[[nodiscard]] std::string to_json(const Manifest &manifest);
[[nodiscard]] std::string to_json(const Index &index);
[[nodiscard]] std::string to_json(const ImageConfig &config);

[[nodiscard]] ImageConfig parse_image_config(std::string_view json);

/// A manifest or an index; `content_type` (may be empty) must agree with the
/// document's own mediaType if both are there. Docker schema 1 is refused by name.
[[nodiscard]] std::variant<Manifest, Index> parse_manifest(std::string_view json,
                                                           std::string_view content_type = {});

} // namespace mica::oci
