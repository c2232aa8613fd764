#pragma once
/// @file
/// The OCI image-spec's types as values (and Docker's, which differ in name only).
#include "base/clock.hh"
#include "base/digest.hh"
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::oci {

enum class MediaType : std::uint8_t {
    oci_manifest,
    oci_index,
    oci_config,
    oci_layer,
    oci_layer_gzip,
    oci_layer_zstd,
    docker_manifest,
    docker_list,
    docker_config,
    docker_layer,
    docker_layer_gzip,
    docker_foreign_layer_gzip,
    oci_foreign_layer_gzip,
    other ///< Descriptor::other_media_type has the text
};

/// The registered name ("application/vnd.…"); empty for `other`.
[[nodiscard]] std::string_view media_type_name(MediaType type);
[[nodiscard]] MediaType parse_media_type(std::string_view name);

/// As GOOS/GOARCH name them, normalised (x86_64 → amd64, arm64 without v8).
struct Platform {
    std::string os{}, architecture{}, variant{}, os_version{};
    std::vector<std::string> os_features{};
    auto operator<=>(const Platform &) const = default;
};

using Annotations = std::map<std::string, std::string>;

struct Descriptor {
    MediaType media_type{};
    Digest digest;
    std::uint64_t size = 0;
    std::optional<Platform> platform{};
    Annotations annotations{};
    std::vector<std::string> urls{};
    std::string artifact_type{};
    std::string other_media_type{};
    bool operator==(const Descriptor &) const = default;
};

/// A layer that exists: what the config names and what the manifest names.
struct Layer {
    Digest diff_id; ///< over the uncompressed tar
    Descriptor blob;
    bool operator==(const Layer &) const = default;
};

struct Manifest {
    MediaType media_type{};
    Descriptor config;
    std::vector<Descriptor> layers;
    Annotations annotations{};
};

struct Index {
    MediaType media_type{};
    std::vector<Descriptor> manifests;
    Annotations annotations{};
};

} // namespace mica::oci
