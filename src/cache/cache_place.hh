#pragma once
/// @file
/// Where a shared cache lies: a tag of a registry, or an OCI layout on disk.
#include "base/event.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "registry/client.hh"
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace mica::cache {

struct LayoutPlace {
    std::filesystem::path directory;
    std::string tag = "cache";
};
using CachePlace = std::variant<oci::Reference, LayoutPlace>;

/// For messages: "registry.example/app:cache", "/cache:cache".
[[nodiscard]] std::string name_of(const CachePlace &place);

struct PlacedCache {
    oci::Image image;
    Digest manifest; ///< which one it is
};

/// The image there, whatever it is; nullopt: nothing. Throws Error, Cancelled.
[[nodiscard]] std::optional<PlacedCache> read_image(const CachePlace &place, registry::Client &client,
                                                    const std::stop_token &stop);

/// Puts the image there in place of `expected`. False: something else is there by now, and
/// stays. (Between the last look and the writing somebody may still come first: see
/// export.hh.) Throws Error, Cancelled.
[[nodiscard]] bool write_image(const CachePlace &place, const oci::Image &image,
                               const std::optional<Digest> &expected, registry::Client &client, EventBus &bus,
                               TaskId parent, const std::stop_token &stop);

} // namespace mica::cache
