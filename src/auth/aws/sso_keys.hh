#pragma once
/// @file
/// Keys of a role from IAM Identity Center, by the token that "aws sso login" left.
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"
#include <optional>
#include <string>

namespace mica::auth::aws {

/// nullopt: the profile has nothing of SSO. There is no login here: a token that is missing or has
/// ended is an Error (denied) that says how to get one.
[[nodiscard]] std::optional<Keys> sso_keys(const Situation &situation, const Section &profile,
                                           const std::string &name);

} // namespace mica::auth::aws
