#pragma once
/// @file
/// JSON Web Tokens signed with RSA and SHA-256 (RFC 7515, RFC 7518 3.3).
#include <string>
#include <string_view>

namespace mica::auth {

/// HEADER.CLAIMS.SIGNATURE out of two JSON texts and a private key in PEM. Throws Error (usage)
/// for what is no RSA key; shows nothing of it.
[[nodiscard]] std::string signed_jwt(std::string_view header, std::string_view claims,
                                     const std::string &private_key_pem);

} // namespace mica::auth
