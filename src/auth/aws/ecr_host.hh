#pragma once
/// @file
/// What the host name of a registry of Amazon's ECR says.
#include <optional>
#include <string>
#include <string_view>

namespace mica::auth::aws {

struct EcrHost {
    std::string account; ///< empty for the public registry
    std::string region;
    bool fips = false;
    bool dual_stack = false;
    bool is_public = false;

    bool operator==(const EcrHost &) const = default;
    /// Where tokens for it are had.
    [[nodiscard]] std::string api_host() const;
};

/// ACCOUNT.dkr.ecr[-fips].REGION.DOMAIN, ACCOUNT.dkr-ecr[-fips].REGION.on.… in every partition,
/// public.ecr.aws and ecr-public.aws.com; without a port. nullopt: it is no such name.
[[nodiscard]] std::optional<EcrHost> parse_ecr_host(std::string_view host);

} // namespace mica::auth::aws
