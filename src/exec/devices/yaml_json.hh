#pragma once
/// @file
/// YAML as far as it says what JSON can say: vendors' tools write their descriptions of devices in it.
#include <nlohmann/json.hpp>
#include <string_view>

namespace mica::exec {

/// One document. Plain words follow YAML 1.1 as Go's readers take it: null, true and false, whole numbers
/// (0x and 0 before octal digits too); all others are text. Aliases, merges, tags, several documents, a key
/// twice and nesting deeper than 32 are refused, so the value is never larger than the text. Throws Error
/// (integrity) with the line.
[[nodiscard]] nlohmann::json parse_yaml(std::string_view text);

} // namespace mica::exec
