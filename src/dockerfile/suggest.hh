#pragma once
/// @file
/// "did you mean".
#include "base/error.hh"
#include <span>
#include <string>
#include <string_view>

namespace mica::dockerfile {

/// An Error (dockerfile) with `message`, and the nearest of `candidates` to `word`
/// behind it if one is near. The casing of the word is kept.
[[nodiscard]] Error unknown_word(std::string message, std::string_view word,
                                 std::span<const std::string> candidates);

} // namespace mica::dockerfile
