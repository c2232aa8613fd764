#pragma once
/// @file
/// GetAuthorizationToken of ECR and of ECR Public.
#include "auth/aws/answers.hh"
#include "auth/aws/ecr_host.hh"
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"

namespace mica::auth::aws {

/// One call; when AWS finds the clock wrong, once more by the clock of its answer. Throws Error
/// (denied) with AWS's words, net::Failure.
[[nodiscard]] EcrToken get_authorization_token(const Situation &situation, const Section &profile,
                                               const EcrHost &host, const Keys &keys);

} // namespace mica::auth::aws
