#pragma once
/// @file
/// A blob goes into a repository while it is still being made.
#include "oci/growing_blob.hh"
#include "registry/client.hh"
#include "registry/gate.hh"
#include "registry/session.hh"
#include <memory>
#include <optional>
#include <stop_token>

namespace mica::registry {

/// As Client::put_growing_blob() says. A pass of `uploading` is held while something is sent, not while
/// the blob's maker is waited for.
[[nodiscard]] std::optional<BlobPlacement> upload_growing(Session &session, const Subject &subject,
                                                          const std::shared_ptr<const oci::GrowingBlob> &blob,
                                                          Gate &uploading, const std::stop_token &stop);

} // namespace mica::registry
