#pragma once
/// @file
/// Which mica this is.
#include <string_view>

namespace mica::cli {

/// "0.1.0", as the build files have it.
[[nodiscard]] std::string_view version();

} // namespace mica::cli
