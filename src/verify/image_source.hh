#pragma once
/// @file
/// Images wherever they are: in a registry, an OCI layout, an archive. One way to open
/// all of them, with every document as it was written.
#include "base/error.hh"
#include "oci/image.hh"
#include "oci/model.hh"
#include "registry/client.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

/// Where an image is, as the user says it:
///   oci-layout://PATH[:TAG|@DIGEST]    an OCI layout in a directory (also oci:PATH[:TAG])
///   oci-archive://PATH[:TAG|@DIGEST]   the same as a tar file
///   docker-archive://PATH[:TAG]        what `docker save` writes
///   docker-image://REF, or REF alone   a registry
/// A path that holds a layout or an archive may be given alone, if it begins with "/", "./" or "../".
struct Location {
    enum class Kind : std::uint8_t { registry, layout, archive } kind{};
    std::filesystem::path path; ///< of a layout or an archive
    std::string reference;      ///< the name; of a layout or an archive: a tag, a digest, or ""
    std::string text;           ///< as the user wrote it
};

/// Throws Error (usage).
[[nodiscard]] Location parse_location(std::string_view text);

/// One platform's image, with its documents as they are.
struct Variant {
    oci::Descriptor manifest;  ///< digest of the config where there is no manifest
    std::string manifest_json; ///< empty: an old docker archive has none
    std::string config_json;
    oci::Image image;
};

/// What is in an index beside images: attestations, signatures, what else there may be.
struct Companion {
    oci::Descriptor descriptor;
    std::string json; ///< its manifest; empty: not there
};

struct OpenedImage {
    std::string name;
    oci::Descriptor top; ///< of what the name stands for: a manifest or an index
    std::string top_json{};
    oci::Annotations annotations{}; ///< of the index
    bool is_index = false;
    std::vector<Variant> variants{}; ///< in the order of the index
    std::vector<Companion> companions{};
    std::shared_ptr<const oci::BlobReader> blobs{}; ///< of layers and configurations
};

/// Documents are read and verified, the bytes of layers are not. `client` is used for registries and
/// must outlive the result. With a platform only the best variant for it is opened; else all. Throws Error
/// (not_found, integrity, unsupported, network); Cancelled.
[[nodiscard]] OpenedImage open_image(const Location &location, registry::Client &client,
                                     const std::optional<oci::Platform> &platform,
                                     const std::stop_token &stop);

} // namespace mica::verify
