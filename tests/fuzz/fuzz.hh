#pragma once
/// @file
/// What the fuzz targets share. A target states facts that hold for every input;
/// one that does not hold ends the process, and libFuzzer keeps the input.
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mica::fuzz {

inline void require(bool holds, std::string_view fact)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(fact.size()), fact.data());
    std::abort();
}

} // namespace mica::fuzz
