#pragma once
/// @file
/// RUN --device=NAME[,required[=bool]].
#include <string>
#include <string_view>

namespace mica::dockerfile {

struct Device {
    std::string name; ///< a CDI name: vendor.com/class=device
    bool required = false;
};

/// Throws Error (dockerfile).
[[nodiscard]] Device parse_device(std::string_view text);

} // namespace mica::dockerfile
