#pragma once
/// @file
/// One blob on its way into a repository.
#include "oci/blob_store.hh"
#include "registry/session.hh"
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::registry {

struct UploadJob {
    const Endpoint &endpoint;
    const oci::Reference &image;
    const oci::Descriptor &blob;
    const oci::BlobReader &blobs;
    /// Repositories of the same registry that have the blob, as far as is known.
    std::vector<std::string> mount_from;
};

/// Whether the repository has the blob. "No" where the registry does not want to tell.
[[nodiscard]] bool blob_is_there(Session &session, const Subject &subject, const Digest &digest,
                                 const std::stop_token &stop);

/// HEAD, mount, upload; begun anew with a new session when it breaks. Throws Refused,
/// net::Failure, what the blob's reader throws, Cancelled.
[[nodiscard]] BlobPlacement upload(Session &session, const UploadJob &job, const std::stop_token &stop);

} // namespace mica::registry
