#pragma once
/// @file
/// Who we are to AWS.
#include "auth/aws/sigv4.hh"
#include "base/clock.hh"
#include <optional>
#include <string>
#include <string_view>

namespace mica::auth::aws {

struct Keys {
    SigningKeys signing;
    std::optional<Time> expires; ///< temporary ones end
    std::string source;          ///< told to the user, never secret: "the environment"
};

/// The form in which containers, processes and the instance metadata service give keys; the name
/// of the session token's member differs. Throws Error (denied), without any of the text.
[[nodiscard]] Keys parse_keys(std::string_view json, const char *token_member, std::string source);

} // namespace mica::auth::aws
