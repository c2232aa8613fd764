#pragma once
/// @file
/// Who we are to a registry: providers asked in order, the first answer wins.
#include "oci/reference.hh"
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mica::auth {

struct Basic {
    std::string user, password;
};
/// An OAuth2 refresh token, exchanged at the token endpoint.
struct IdentityToken {
    std::string token;
};
/// A bearer token that is sent as it is.
struct RegistryToken {
    std::string token;
};

struct Credential {
    std::variant<Basic, IdentityToken, RegistryToken> secret;
    std::string source; ///< told to the user, never secret: "auths in ~/.docker/config.json"
};

/// May be called from any thread.
class CredentialProvider {
public:
    virtual ~CredentialProvider() = default;
    /// nullopt: "I know nothing of this registry, ask the next one". Throws Error
    /// (denied, usage) when configured for it but broken.
    [[nodiscard]] virtual std::optional<Credential> find(const oci::Reference &image) = 0;
};

/// Asks in order; the first answer wins.
[[nodiscard]] std::unique_ptr<CredentialProvider>
chain(std::vector<std::unique_ptr<CredentialProvider>> providers);

/// docker's config.json: $DOCKER_CONFIG/config.json, else $HOME/.docker/config.json:
/// credHelpers, credsStore, auths.
[[nodiscard]] std::unique_ptr<CredentialProvider> docker_config_provider();

} // namespace mica::auth
