#pragma once
/// @file
/// Expansion for those who check variables: what a word looked up is told also when the
/// word turns out to be wrong.
#include "dockerfile/words.hh"
#include <functional>
#include <string_view>

namespace mica::plan {

/// Gets the variables; `words` is empty if the expansion failed.
using TellLookups = std::function<void(const dockerfile::Expansion &lookups)>;

/// As expand_word(). `tell` is called once, before an Error is thrown on.
[[nodiscard]] dockerfile::Expansion expand_telling(std::string_view word,
                                                   const dockerfile::Environment &environment,
                                                   const dockerfile::ExpandOptions &options,
                                                   const TellLookups &tell);

} // namespace mica::plan
