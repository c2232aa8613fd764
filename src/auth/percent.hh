#pragma once
/// @file
/// Undoing the encoding of addresses, where signatures are over what was meant.
#include <string>
#include <string_view>

namespace mica::auth {

/// "%2F" to "/"; what is no two hexadecimal digits stays, and so does "+".
[[nodiscard]] std::string percent_decode(std::string_view text);

} // namespace mica::auth
