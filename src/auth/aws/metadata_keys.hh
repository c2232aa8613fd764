#pragma once
/// @file
/// Keys that the place where we run gives to whoever asks on the spot: containers of ECS, pods of
/// EKS, instances of EC2. Nothing here ever goes through a proxy.
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"
#include <optional>
#include <string>

namespace mica::auth::aws {

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI. nullopt: neither is set; once one is set,
/// every trouble is an Error (denied, usage, network). Over plain HTTP only the machine itself and the
/// addresses that AWS gave these services are asked.
[[nodiscard]] std::optional<Keys> container_keys(const Situation &situation);

/// The instance metadata service, version 2 alone. nullopt: it is switched off, does not answer, or
/// has no role to give; `why` then says which.
[[nodiscard]] std::optional<Keys> instance_keys(const Situation &situation, std::string &why);

} // namespace mica::auth::aws
