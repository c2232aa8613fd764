#pragma once
/// @file
/// Where AWS's services are: by partition, or where the user says.
#include "auth/aws/profile.hh"
#include "auth/variables.hh"
#include "net/url.hh"
#include <string>

namespace mica::auth::aws {

/// "amazonaws.com", or what it is in the region's partition.
[[nodiscard]] std::string dns_suffix(const std::string &region);
/// "api.aws", or what the names of both IP versions end in there.
[[nodiscard]] std::string dual_stack_suffix(const std::string &region);

/// AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's "services" section, the profile's
/// endpoint_url; nullopt where none of them says anything, or AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
/// is on. `service` is in lower case: "sts", "ecr", "ecr_public". Throws Error (usage).
[[nodiscard]] std::optional<net::Url> configured_endpoint(const std::string &service,
                                                          const Variables &variables,
                                                          const Profiles &profiles, const Section &profile);

} // namespace mica::auth::aws
