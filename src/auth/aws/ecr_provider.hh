#pragma once
/// @file
/// Logins to Amazon's registries, with no helper program.
#include "auth/aws/key_ring.hh"
#include "auth/credentials.hh"
#include "base/event.hh"
#include <memory>
#include <stop_token>

namespace mica::auth::aws {

/// For ECR's hosts in every partition, and for ECR Public, where whoever has no keys or no
/// permission stays anonymous. A token is kept for half of its life, and longer where AWS gives no
/// new one; one token a region serves all repositories. `keys` and `bus` outlive it.
[[nodiscard]] std::unique_ptr<CredentialProvider> ecr_provider(KeyRing &keys, EventBus &bus,
                                                               std::stop_token stop);

} // namespace mica::auth::aws
