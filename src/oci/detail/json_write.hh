#pragma once
/// @file
/// Inside oci/ only: JSON in a fixed order of keys.
#include "oci/model.hh"
#include <nlohmann/json.hpp>
#include <string>

namespace mica::oci::detail {

using OrderedJson = nlohmann::ordered_json;

/// No blanks; bytes that are not UTF-8 become U+FFFD (JSON cannot hold them).
[[nodiscard]] std::string dump(const OrderedJson &json);

[[nodiscard]] OrderedJson write_descriptor(const Descriptor &descriptor);

} // namespace mica::oci::detail
