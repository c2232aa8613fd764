#pragma once
/// @file
/// The images of an archive: an OCI layout as a tar, or what `docker save` wrote before it wrote
/// such layouts too.
#include "oci/blob_store.hh"
#include "oci/model.hh"
#include "verify/archive_file.hh"
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::verify {

/// Blobs of an archive by digest. Any thread.
class ArchiveBlobs final : public oci::BlobReader {
public:
    explicit ArchiveBlobs(std::shared_ptr<const ArchiveFile> file) : file_{std::move(file)} {}

    [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                               const std::stop_token &stop) const override;
    /// A blob under another name than a layout gives it. Before the first open().
    void place(const Digest &digest, ArchiveFile::Member member) { placed_.insert_or_assign(digest, member); }

private:
    std::shared_ptr<const ArchiveFile> file_;
    std::map<Digest, ArchiveFile::Member> placed_;
};

/// The image of an archive without an OCI index, from its manifest.json.
struct SavedImage {
    oci::Manifest manifest; ///< made up: there is none in the archive
    std::string config_json;
    std::shared_ptr<const oci::BlobReader> blobs;
};

/// `reference`: a name that the archive gives the image, a tag of it, or "" if it has only one. Throws Error
/// (not_found, usage, integrity).
[[nodiscard]] SavedImage open_saved_image(const std::shared_ptr<const ArchiveFile> &file,
                                          const std::string &reference, const std::stop_token &stop);

} // namespace mica::verify
