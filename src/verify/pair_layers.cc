#include "verify/pair_layers.hh"

#include <algorithm>

// An alignment of two sequences (Needleman and Wunsch 1970): the order of the layers stays, a pair scores by
// how much it has in common, a layer without a partner scores nothing, and the alignment with the highest
// sum is taken. best[i][j] is the sum for what begins at i on the left and at j on the right.

namespace mica::verify {

namespace {

constexpr std::size_t most_layers = 1000;

int score(const LayerName &left, const LayerName &right)
{
    if (left.diff_id == right.diff_id)
        return 10'000;
    return !left.created_by.empty() && left.created_by == right.created_by ? 100 : 1;
}

std::vector<LayerPair> pair_by_number(std::size_t left, std::size_t right)
{
    std::vector<LayerPair> pairs;
    for (std::size_t i = 0; i < std::max(left, right); ++i)
        pairs.push_back(
            {i < left ? std::optional{i} : std::nullopt, i < right ? std::optional{i} : std::nullopt});
    return pairs;
}

} // namespace

std::vector<LayerPair> pair_layers(const std::vector<LayerName> &left, const std::vector<LayerName> &right)
{
    if (left.size() > most_layers || right.size() > most_layers)
        return pair_by_number(left.size(), right.size());
    std::vector best(left.size() + 1, std::vector<int>(right.size() + 1));
    for (std::size_t i = left.size(); i-- > 0;)
        for (std::size_t j = right.size(); j-- > 0;)
            best[i][j] =
                std::max({score(left[i], right[j]) + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1]});
    std::vector<LayerPair> pairs;
    for (std::size_t i = 0, j = 0; i < left.size() || j < right.size();) {
        if (i < left.size() && j < right.size() &&
            best[i][j] == score(left[i], right[j]) + best[i + 1][j + 1])
            pairs.push_back({i++, j++});
        else if (i < left.size() && (j == right.size() || best[i][j] == best[i + 1][j]))
            pairs.push_back({i++, std::nullopt});
        else
            pairs.push_back({std::nullopt, j++});
    }
    return pairs;
}

} // namespace mica::verify
