#pragma once
/// @file
/// Compares the JSON documents of images, value by value.
#include "verify/image_source.hh"
#include "verify/report.hh"
#include <string_view>
#include <vector>

namespace mica::verify {

/// The configurations, history and layers apart.
[[nodiscard]] std::vector<Property> compare_configs(const Variant &left, const Variant &right);
[[nodiscard]] std::vector<Property> compare_histories(const Variant &left, const Variant &right);
/// The manifests, their configurations and layers apart. Empty if one has none.
[[nodiscard]] std::vector<Property> compare_manifests(const Variant &left, const Variant &right);
/// The indexes: annotations, attestations. The images in them are compared by themselves.
[[nodiscard]] std::vector<Property> compare_indexes(const OpenedImage &left, const OpenedImage &right);

} // namespace mica::verify
