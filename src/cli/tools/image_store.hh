#pragma once
/// @file
/// Images with all their platforms, as documents and blobs, wherever they are.
#include "base/event.hh"
#include "cli/tools/place.hh"
#include "oci/blob_store.hh"
#include "oci/image.hh"
#include "registry/registry.hh"
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

/// Where an image is read. May be called from any thread.
class ImageSource {
public:
    virtual ~ImageSource() = default;
    /// The manifest or index that the place names. Throws Error (not_found).
    [[nodiscard]] virtual registry::RawManifest top(const std::stop_token &stop) = 0;
    /// One that another one names, verified. Throws Error (not_found).
    [[nodiscard]] virtual registry::RawManifest manifest(const oci::Descriptor &descriptor,
                                                         const std::stop_token &stop) = 0;
    [[nodiscard]] virtual std::shared_ptr<const oci::BlobReader> blobs() = 0;
    /// Manifests that say of themselves that they are about that one, beside what an index names.
    [[nodiscard]] virtual std::vector<oci::Descriptor> referrers(const Digest &, const std::stop_token &)
    {
        return {};
    }
};

/// Where an image is written, blobs first. May be called from any thread.
class ImageTarget {
public:
    virtual ~ImageTarget() = default;
    /// How it came there, in one phrase: "uploaded", "already there", "mounted".
    virtual std::string put_blob(const oci::Descriptor &blob, const oci::BlobReader &from,
                                 const std::stop_token &stop) = 0;
    /// One that another one names.
    virtual void put_manifest(const registry::RawManifest &manifest, const std::stop_token &stop) = 0;
    /// The last one, under the name of the place.
    virtual void put_top(const registry::RawManifest &manifest, const std::stop_token &stop) = 0;
};

/// What becomes of layers that lie uncompressed in an archive which says of no digest that it has to stay.
enum class Layers : std::uint8_t { as_they_are, packed };

/// `registry` outlives it. Throws Error (not_found, usage, unsupported).
[[nodiscard]] std::unique_ptr<ImageSource> open_source(const Place &place, registry::Registry &registry,
                                                       Layers layers = Layers::packed);
/// A layout is made where there is none. Throws Error (usage, unsupported: an archive takes one platform
/// only, see write_archive()).
[[nodiscard]] std::unique_ptr<ImageTarget> open_target(const Place &place, registry::Registry &registry);

} // namespace mica::cli
