#pragma once
/// @file
/// Why a step was not found: the difference of two keys, in words.
#include "cache/key.hh"
#include <cstddef>
#include <string>
#include <vector>

namespace mica::cache {

/// How many parts are not in both with the same value.
[[nodiscard]] std::size_t count_differences(const std::vector<KeyPart> &now,
                                            const std::vector<KeyPart> &earlier);

/// One phrase for each difference, in the order of the parts: "ENV/ARG V: was \"1\", is
/// \"2\"", "file a/b: another content", "the layers below: the 3rd of 5 and what follows".
/// Empty if the two are equal.
[[nodiscard]] std::vector<std::string> explain(const std::vector<KeyPart> &now,
                                               const std::vector<KeyPart> &earlier);

} // namespace mica::cache
