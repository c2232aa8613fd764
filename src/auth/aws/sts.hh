#pragma once
/// @file
/// Keys of a role, from AWS's Security Token Service.
#include "auth/aws/keys.hh"
#include "auth/aws/situation.hh"
#include <string>
#include <string_view>

namespace mica::auth::aws {

struct Role {
    std::string arn;
    std::string session_name{}; ///< empty: one is made up
    std::string external_id{};
    std::string duration_seconds{}; ///< empty: STS's default
};

/// AssumeRole, signed with `keys`. Throws Error (denied) with STS's words.
[[nodiscard]] Keys assume_role(const Situation &situation, const Section &profile, const Role &role,
                               const Keys &keys, std::string source);
/// AssumeRoleWithWebIdentity: the token itself proves who asks. A token that the identity provider
/// could not be asked about is tried again. Throws Error (denied) with STS's words.
[[nodiscard]] Keys assume_role_with_token(const Situation &situation, const Section &profile,
                                          const Role &role, std::string_view token, std::string source);

} // namespace mica::auth::aws
