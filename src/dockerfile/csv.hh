#pragma once
/// @file
/// One line of comma-separated values, as RUN's --mount and --device have it.
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

/// A field in double quotes may hold commas, and "" for a quote. Throws Error
/// (dockerfile) for an empty line and for quotes in other places.
[[nodiscard]] std::vector<std::string> csv_fields(std::string_view line);

/// "1", "t", "true", "0", "f", "false" and so on, as Go's tools read them. Throws Error
/// (dockerfile) naming `key`.
[[nodiscard]] bool boolean_field(std::string_view key, std::string_view value);

} // namespace mica::dockerfile
