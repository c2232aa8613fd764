#pragma once
/// @file
/// Tokens for the services of Google's and Azure's clouds, other than their registries.
#include "auth/variables.hh"
#include "base/clock.hh"
#include "net/client.hh"
#include <optional>
#include <stop_token>
#include <string>

namespace mica::auth {

struct CloudToken {
    std::string text;
    std::string source; ///< told to the user, never secret
};

/// Application Default Credentials: the file that GOOGLE_APPLICATION_CREDENTIALS names, gcloud's own, the
/// metadata server. nullopt: there are none. Throws Error (denied, usage, unsupported), Cancelled.
[[nodiscard]] std::optional<CloudToken> google_token(net::Client &network, const Variables &variables,
                                                     const Clock &clock, const std::stop_token &stop);

/// For `resource` ("https://storage.azure.com/"): AZURE_CLIENT_ID and AZURE_TENANT_ID with
/// AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE, else a managed identity. nullopt: there is none. Throws
/// Error (denied), Cancelled.
[[nodiscard]] std::optional<CloudToken> azure_token(net::Client &network, const Variables &variables,
                                                    const std::string &resource, const std::stop_token &stop);

} // namespace mica::auth
