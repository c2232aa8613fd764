#pragma once
/// @file
/// Compares two layers whose diff_ids differ.
#include "verify/compare.hh"
#include "verify/listing.hh"
#include <optional>
#include <stop_token>
#include <vector>

namespace mica::verify {

/// Fills in the files, and how many of them were left out.
void compare_files(const oci::PlacedLayer &left, const oci::PlacedLayer &right, const CompareOptions &options,
                   LayerDifference &into, const std::stop_token &stop);

/// The files of a layer that only one side has.
void list_files(const oci::PlacedLayer &layer, bool is_left, const CompareOptions &options,
                LayerDifference &into, const std::stop_token &stop);

/// In what two changes of one path differ, bytes apart from their hash; nullptr: that side has none.
[[nodiscard]] std::vector<Property> compare_changes(const ListedChange *left, const ListedChange *right);

} // namespace mica::verify
