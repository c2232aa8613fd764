#pragma once
/// @file
/// Compares the layers of two images, file by file.
#include "verify/compare.hh"
#include <stop_token>
#include <vector>

namespace mica::verify {

struct LayerComparison {
    std::vector<LayerDifference> differences;
    std::size_t same = 0;
};

[[nodiscard]] LayerComparison compare_layers(const Variant &left, const Variant &right,
                                             const CompareOptions &options, const std::stop_token &stop);

} // namespace mica::verify
