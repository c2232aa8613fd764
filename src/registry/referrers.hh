#pragma once
/// @file
/// Manifests that are about another one: attestations, signatures (OCI distribution-spec 1.1, "Referrers"). A
/// registry lists them itself, or clients list them under a tag that is made of the digest of their subject.
#include "registry/session.hh"
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::registry {

/// What refers to the manifest whose digest `image` has, by the registry's own list, or by the tag where it
/// has none. Throws Error (network, denied, integrity); Cancelled.
[[nodiscard]] std::vector<oci::Descriptor> list_referrers(Session &session, const oci::Reference &image,
                                                          const std::stop_token &stop);

/// The digest that a manifest says it is about.
[[nodiscard]] std::optional<Digest> subject_of(const std::string &manifest);

/// After a manifest with a subject was put into a registry that does not say that it lists it: adds it to the
/// list under the tag. Lists that others change at the same moment may lose an entry; the specification knows
/// no lock. Throws Error; Cancelled.
void list_under_tag(Session &session, const oci::Reference &image, const Digest &subject,
                    const RawManifest &referrer, const std::stop_token &stop);

} // namespace mica::registry
