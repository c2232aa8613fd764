#pragma once
/// @file
/// Which layer of one image stands for which of the other.
#include "base/digest.hh"
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mica::verify {

struct LayerName {
    Digest diff_id;
    std::string created_by;
};

struct LayerPair {
    std::optional<std::size_t> left, right;
};

/// In order, each layer once. Equal layers are paired before those of one instruction, those
/// before any others that stand in the same place.
[[nodiscard]] std::vector<LayerPair> pair_layers(const std::vector<LayerName> &left,
                                                 const std::vector<LayerName> &right);

} // namespace mica::verify
