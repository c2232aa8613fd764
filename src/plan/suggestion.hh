#pragma once
/// @file
/// "did you mean": the peer's rule (distance below three, case matters unless told),
/// because the texts of the build checks contain its result.
#include <string>
#include <string_view>
#include <vector>

namespace mica::plan {

enum class LetterCase : bool { matters, ignored };

/// The candidate nearest to `word`; empty if none is near, or if `word` is one of
/// them (then the spelling is not what is wrong). Ties go to the first.
[[nodiscard]] std::string closest(std::string_view word, const std::vector<std::string> &candidates,
                                  LetterCase letters = LetterCase::matters);
/// " (did you mean X?)", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string> &candidates,
                                       LetterCase letters = LetterCase::matters);

} // namespace mica::plan
