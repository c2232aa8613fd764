#pragma once
/// @file
/// Manifests of a repository: getting, naming, putting.
#include "registry/client.hh"
#include "registry/session.hh"
#include <optional>
#include <stop_token>

namespace mica::registry {

/// See Client::manifest().
[[nodiscard]] std::optional<RawManifest> get_manifest(Session &session, const oci::Reference &image,
                                                      const std::stop_token &stop);
/// The digest that the name has now, if the registry tells; nullopt otherwise.
[[nodiscard]] std::optional<Digest> manifest_digest(Session &session, const oci::Reference &image,
                                                    const std::stop_token &stop);
/// See Client::put_manifest(). A tag that cannot be changed and has this digest already is no error. What has
/// a subject is listed as its referrer, by the registry or under a tag (registry/referrers.hh).
void put_manifest(Session &session, const oci::Reference &image, const RawManifest &manifest,
                  const std::stop_token &stop);

} // namespace mica::registry
