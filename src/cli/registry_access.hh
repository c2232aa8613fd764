#pragma once
/// @file
/// The way to registries, as the options say: the network, the logins, the client.
#include "auth/aws/key_ring.hh"
#include "auth/credentials.hh"
#include "base/clock.hh"
#include "base/event.hh"
#include "cli/registry_options.hh"
#include "net/client.hh"
#include "registry/registry.hh"
#include <memory>
#include <optional>
#include <stop_token>

namespace mica::cli {

/// Members stand in the order in which they are made. What the constructor gets outlives it. Throws Error.
class RegistryAccess {
public:
    RegistryAccess(const RegistryOptions &options, EventBus &bus, const std::stop_token &stop);
    /// With this login and no other.
    RegistryAccess(const RegistryOptions &options, auth::Credential login, EventBus &bus,
                   const std::stop_token &stop);

    [[nodiscard]] registry::Registry &client() noexcept { return *client_; }

private:
    SystemClock clock_;
    net::Client network_;
    auth::aws::KeyRing keys_;
    std::unique_ptr<auth::CredentialProvider> logins_;
    std::unique_ptr<registry::Registry> client_;
};

} // namespace mica::cli
