#pragma once
/// @file
/// How registries are spoken to: the flags that executor, warmer and push share.
#include "cli/environment.hh"
#include "cli/kaniko/flag.hh"
#include "cli/registry_options.hh"
#include "oci/reference.hh"
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct RegistryFlags {
    bool insecure_push = false, insecure_pull = false;
    bool skip_tls_verify = false, skip_tls_verify_pull = false;
    bool skip_push_check = false;
    std::vector<std::string> hub_mirrors; ///< --registry-mirror
    unsigned retries = 0;                 ///< the most that a flag wants
    std::optional<std::vector<auth::Helper>> helpers;
    RegistryOptions options; ///< what the other flags say
};

/// -d, --destination.
[[nodiscard]] Flag destination_flag(std::vector<oci::Reference> &into);
[[nodiscard]] std::vector<Flag> push_flags(RegistryFlags &into);
/// `mirror_variable`: whether KANIKO_REGISTRY_MIRROR is read (the warmer does not).
[[nodiscard]] std::vector<Flag> pull_flags(RegistryFlags &into, bool mirror_variable);
/// --credential-helpers.
[[nodiscard]] Flag helpers_flag(RegistryFlags &into);

/// What all of them together say, where the image is pushed to `destinations`.
[[nodiscard]] RegistryOptions registry_options_of(const RegistryFlags &flags,
                                                  std::span<const oci::Reference> destinations);

} // namespace mica::cli::kaniko
