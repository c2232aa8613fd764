#pragma once
/// @file
/// How registries are spoken to: the flags that executor, warmer and push share.
#include "cli/environment.hh"
#include "cli/kaniko/flag.hh"
#include <string>
#include <vector>

namespace mica::cli::kaniko {

struct RegistryFlags {
    bool insecure_push = false; ///< plain HTTP to the registries of destinations
    std::vector<std::string> insecure_registries;
};

[[nodiscard]] std::vector<Flag> push_flags(RegistryFlags &into);
/// `mirror_variables`: whether KANIKO_REGISTRY_MIRROR is read (the warmer does not).
[[nodiscard]] std::vector<Flag> pull_flags(RegistryFlags &into, bool mirror_variable);

} // namespace mica::cli::kaniko
