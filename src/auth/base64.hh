#pragma once
/// @file
/// Base64 (RFC 4648, section 4), the wrapping of passwords in headers and files.
#include <optional>
#include <string>
#include <string_view>

namespace mica::auth {

[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Blanks and line ends are passed over, missing padding is no fault; nullopt for any other
/// character and for a length that cannot be.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

} // namespace mica::auth
