#include "plan/suggestion.hh"
#include "base/text.hh"
#include <algorithm>
#include <numeric>

namespace mica::plan {
namespace {

constexpr std::size_t too_far = 3;

/// Levenshtein's distance, one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row[b.size()];
}

/// Words whose lengths differ by more are not near; this also bounds the table.
bool lengths_are_near(std::string_view a, std::string_view b)
{
    return std::max(a.size(), b.size()) - std::min(a.size(), b.size()) < too_far;
}

} // namespace

std::string closest(std::string_view word, const std::vector<std::string> &candidates, LetterCase letters)
{
    const auto folded = [letters](std::string_view text) {
        return letters == LetterCase::ignored ? to_lower(text) : std::string{text};
    };
    const auto wanted = folded(word);
    std::string best;
    std::size_t best_distance = too_far;
    for (const auto &candidate : candidates) {
        const auto offered = folded(candidate);
        if (offered == wanted)
            return {};
        if (!lengths_are_near(offered, wanted))
            continue;
        if (const auto d = distance(wanted, offered); d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string> &candidates,
                         LetterCase letters)
{
    const auto match = closest(word, candidates, letters);
    return match.empty() ? std::string{} : " (did you mean " + match + "?)";
}

} // namespace mica::plan
