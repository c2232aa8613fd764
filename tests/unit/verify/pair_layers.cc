#include "verify/pair_layers.hh"

#include "io/hash.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace mica;
using namespace mica::verify;

namespace {

/// "a:RUN b" is a layer with content a that RUN b made.
std::string pairs(const std::vector<std::pair<std::string, std::string>> &left,
                  const std::vector<std::pair<std::string, std::string>> &right)
{
    const auto names = [](const auto &list) {
        std::vector<LayerName> out;
        for (const auto &[content, instruction] : list)
            out.push_back({sha256(content), instruction});
        return out;
    };
    std::string text;
    for (const auto &pair : pair_layers(names(left), names(right)))
        text += fmt::format("{}{} ", pair.left ? std::to_string(*pair.left) : "-",
                            pair.right ? std::to_string(*pair.right) : "-");
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pairing_of_layers)

BOOST_AUTO_TEST_CASE(equal_layers_are_paired_wherever_they_stand)
{
    BOOST_TEST(pairs({{"a", "A"}, {"c", "C"}}, {{"a", "A"}, {"b", "B"}, {"c", "C"}}) == "00 -1 12 ");
}

BOOST_AUTO_TEST_CASE(layers_of_one_instruction_are_paired)
{
    BOOST_TEST(pairs({{"1", "A"}, {"2", "B"}}, {{"3", "X"}, {"4", "A"}, {"5", "B"}}) == "-0 01 12 ");
}

BOOST_AUTO_TEST_CASE(other_layers_are_paired_by_their_place)
{
    BOOST_TEST(pairs({{"1", "A"}}, {{"2", "B"}}) == "00 ");
    BOOST_TEST(pairs({}, {{"2", "B"}}) == "-0 ");
}

BOOST_AUTO_TEST_SUITE_END()
