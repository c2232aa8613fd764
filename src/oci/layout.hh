#pragma once
/// @file
/// An OCI image layout on disk (image-spec's image-layout.md): blobs/, index.json,
/// oci-layout. The state directory keeps one; outputs write others.
#include "oci/blob_store.hh"
#include "oci/image.hh"
#include "oci/model.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::oci {

/// Several processes may use one layout: blobs appear by rename, index.json changes
/// under a lock. All members may be called from any thread.
class Layout final : public BlobStore {
public:
    /// Opens; makes the files of an empty layout if the directory has none.
    [[nodiscard]] static std::shared_ptr<Layout> open_or_create(const std::filesystem::path &directory);
    /// Opens an existing one; Error (not_found) if there is none.
    [[nodiscard]] static std::shared_ptr<Layout> open_existing(const std::filesystem::path &directory);

    [[nodiscard]] bool contains(const Digest &digest) const override;
    [[nodiscard]] std::unique_ptr<BlobWriter> create() override;
    [[nodiscard]] std::unique_ptr<Source> open(const Descriptor &blob, const std::stop_token &stop) const override;

    /// Stores a small document as a blob.
    StoredBlob put(std::string_view bytes);
    /// The descriptors of index.json.
    [[nodiscard]] std::vector<Descriptor> manifests() const;
    /// Adds to index.json under `name` (annotation org.opencontainers.image.ref.name, and
    /// io.containerd.image.name for a full reference); one that has the name loses it.
    /// An empty name adds without one.
    void tag(const Descriptor &manifest, const std::string &name);
    [[nodiscard]] std::optional<Descriptor> find(const std::string &name) const;
    [[nodiscard]] const std::filesystem::path &directory() const noexcept { return directory_; }

private:
    explicit Layout(std::filesystem::path directory);
    std::filesystem::path directory_;
};

/// The image that a manifest descriptor of this layout names (an index is resolved to
/// `platform`). Throws Error (not_found, integrity).
[[nodiscard]] Image load_image(const std::shared_ptr<const BlobReader> &blobs, const Descriptor &manifest,
                               const Platform &platform, const std::stop_token &stop);

} // namespace mica::oci
