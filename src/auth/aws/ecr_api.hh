#pragma once
/// @file
/// Calls to ECR's own API (JSON 1.1), and to that of ECR Public.
#include "auth/aws/ecr_host.hh"
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"
#include "net/request.hh"
#include <string>

namespace mica::auth::aws {

/// One call, signed; when AWS finds the clock wrong, once more by the clock of its answer. Any answer
/// is given; throws net::Failure, Error (usage), Cancelled. `profile`: the chosen one.
[[nodiscard]] net::Response call_ecr(const Situation &situation, const Section &profile, const EcrHost &host,
                                     const Keys &keys, const std::string &operation, std::string body);

/// "com.amazon#AccessDeniedException" in an answer means AccessDeniedException; "" where there is none.
[[nodiscard]] std::string error_type(const net::Response &answer);

} // namespace mica::auth::aws
