#pragma once
/// @file
/// An OCI image layout on disk (image-spec's image-layout.md): blobs/, index.json,
/// oci-layout. The state directory keeps one; outputs write others.
#include "oci/blob_store.hh"
#include "oci/image.hh"
#include "oci/model.hh"
#include "oci/reference.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::oci {

/// What the file oci-layout says.
inline constexpr std::string_view layout_version_json = R"({"imageLayoutVersion":"1.0.0"})";

/// Several processes may use one layout: blobs appear by rename, index.json changes
/// under a lock. All members may be called from any thread.
/// A blob is checked against its digest whenever it is read; a damaged one is replaced when
/// it is written again.
class Layout final : public BlobStore {
public:
    /// Opens; makes the files of an empty layout if the directory has none.
    [[nodiscard]] static std::shared_ptr<Layout> open_or_create(const std::filesystem::path &directory);
    /// Opens an existing one; Error (not_found) if there is none.
    [[nodiscard]] static std::shared_ptr<Layout> open_existing(const std::filesystem::path &directory);

    [[nodiscard]] bool contains(const Digest &digest) const override;
    [[nodiscard]] std::unique_ptr<BlobWriter> create() override;
    [[nodiscard]] std::unique_ptr<Source> open(const Descriptor &blob,
                                               const std::stop_token &stop) const override;

    /// Stores a small document as a blob.
    StoredBlob put(std::string_view bytes);
    /// The descriptors of index.json.
    [[nodiscard]] std::vector<Descriptor> manifests() const;
    /// Adds to index.json under `name` (annotation org.opencontainers.image.ref.name, and
    /// io.containerd.image.name for a full reference) in place of what had the name.
    /// An empty name adds without one, once.
    void tag(const Descriptor &manifest, const std::string &name);
    /// Adds as other builders name their outputs: io.containerd.image.name has the full name,
    /// ref.name the tag alone, which images of several repositories may share.
    void tag(const Descriptor &manifest, const Reference &name);
    /// By either annotation.
    [[nodiscard]] std::optional<Descriptor> find(const std::string &name) const;
    [[nodiscard]] const std::filesystem::path &directory() const noexcept { return directory_; }

private:
    [[nodiscard]] std::filesystem::path blob_path(const Digest &digest) const;
    void add(const Descriptor &entry);

    explicit Layout(std::filesystem::path directory);
    std::filesystem::path directory_;
};

/// An entry of an index.json under the names of tag(manifest, name).
[[nodiscard]] Descriptor named_entry(Descriptor manifest, const Reference &name);

/// The image that a manifest descriptor of this layout names (an index is resolved to
/// `platform`, indexes in indexes too). Throws Error (not_found: a blob, or the platform, with the
/// platforms there are; integrity; unsupported: not an image).
[[nodiscard]] Image load_image(const std::shared_ptr<const BlobReader> &blobs, const Descriptor &manifest,
                               const Platform &platform, const std::stop_token &stop);

} // namespace mica::oci
