#pragma once
/// @file
/// What a build took from elsewhere, as provenance has it; and back.
#include "exec/origins.hh"
#include "verify/provenance.hh"
#include <string>
#include <string_view>

namespace mica::cli {

/// Images are package URLs, repositories SPDX's download locations ("git+https://host/x.git@ref"), files
/// their addresses.
[[nodiscard]] verify::Material material_of(const exec::ResolvedInput &input);

/// What was recorded and can be had again by digest; what is not among it is refused.
[[nodiscard]] exec::Pins pins_of(const verify::Provenance &provenance);

/// The address without what may be secret: a password, and the user of HTTP(S).
[[nodiscard]] std::string public_address(std::string_view address);

} // namespace mica::cli
