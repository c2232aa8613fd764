#pragma once
/// @file
/// Where an image is or goes: a registry, an OCI layout, an archive of Docker's.
#include "oci/reference.hh"
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mica::cli {

/// oci-layout://PATH[:TAG][@DIGEST]
struct LayoutPlace {
    std::filesystem::path path;
    std::string name; ///< empty: the only image
    std::optional<Digest> digest;
};
/// docker-archive://PATH, as of "docker save"; read, a colon and a name may follow where the archive has
/// several images.
struct ArchivePlace {
    std::filesystem::path path;
};
using Place = std::variant<oci::Reference, LayoutPlace, ArchivePlace>;

/// What has no scheme is the name of an image in a registry. Throws Error (usage).
[[nodiscard]] Place parse_place(std::string_view text);
/// As the user wrote it, about.
[[nodiscard]] std::string display(const Place &place);

} // namespace mica::cli
