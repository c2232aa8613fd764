#pragma once
/// @file
/// HMAC-SHA-256 (RFC 2104, FIPS 198-1): what signatures of cloud requests are made of.
#include "base/digest.hh"
#include "io/stream.hh"
#include <string_view>

namespace mica {

/// The key may have any length, an empty one too.
[[nodiscard]] Digest::Bytes hmac_sha256(BytesView key, std::string_view message);

} // namespace mica
