#pragma once
/// @file
/// Repositories of ECR that do not exist yet.
#include "auth/aws/key_ring.hh"
#include "oci/reference.hh"
#include <stop_token>

namespace mica::auth::aws {

/// Creates the image's repository with the account's defaults; one that is there already is no error. Throws
/// Error: unsupported for a registry that is not ECR's private one, denied with the permission that is
/// missing.
void create_repository(KeyRing &keys, const oci::Reference &image, const std::stop_token &stop);

} // namespace mica::auth::aws
