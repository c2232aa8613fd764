#pragma once
/// @file
/// Logins that need no configuration, since the place where mica runs has them: GitLab's jobs,
/// Google's and Azure's clouds. Amazon's are in auth/aws/.
#include "auth/credentials.hh"
#include "auth/variables.hh"
#include "base/clock.hh"
#include "base/event.hh"
#include "net/client.hh"
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace mica::auth {

namespace aws {
class KeyRing;
}

/// KANIKO_HOST_USER and KANIKO_HOST_PASSWORD, where HOST is the registry's name in upper case, "." and "-" as
/// "_", without its port; then the same without its first parts: KANIKO_EXAMPLE_COM_USER serves
/// hub.example.com, too.
[[nodiscard]] std::unique_ptr<CredentialProvider> environment_provider(Variables variables);

/// CI_REGISTRY with CI_REGISTRY_USER and CI_REGISTRY_PASSWORD (else CI_JOB_TOKEN), and
/// CI_DEPENDENCY_PROXY_SERVER with …_USER and …_PASSWORD.
[[nodiscard]] std::unique_ptr<CredentialProvider> gitlab_provider(Variables variables);

/// For gcr.io and pkg.dev: Application Default Credentials (the file that
/// GOOGLE_APPLICATION_CREDENTIALS names, gcloud's own), else the metadata server's. Everything
/// outlives it.
[[nodiscard]] std::unique_ptr<CredentialProvider> google_provider(net::Client &network, Variables variables,
                                                                  const Clock &clock, std::stop_token stop);

/// For azurecr.io and its sisters: AZURE_CLIENT_ID and AZURE_TENANT_ID with AZURE_CLIENT_SECRET or
/// AZURE_FEDERATED_TOKEN_FILE, else a managed identity. Everything outlives it.
[[nodiscard]] std::unique_ptr<CredentialProvider> azure_provider(net::Client &network, Variables variables,
                                                                 const Clock &clock, std::stop_token stop);

/// The places where logins are looked for besides docker's and containers' configurations.
enum class Helper : std::uint8_t { environment, gitlab, ecr, google, azure };

/// Where mica looks unless it is told otherwise.
[[nodiscard]] std::vector<Helper> usual_helpers();
/// "env", "gitlab", "ecr", "google", "acr". Throws Error (usage).
[[nodiscard]] Helper parse_helper(std::string_view name);

/// docker's and containers' configurations, then the helpers in their order. What is passed in outlives it.
[[nodiscard]] std::unique_ptr<CredentialProvider>
every_provider(net::Client &network, const Variables &variables, const Clock &clock, aws::KeyRing &keys,
               std::span<const Helper> helpers, EventBus &bus, const std::stop_token &stop);

} // namespace mica::auth
