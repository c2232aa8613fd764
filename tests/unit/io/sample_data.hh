#pragma once
/// @file
/// Bytes of several kinds for the tests of compression; the same on every run.
#include <cstdint>
#include <random>
#include <string>

namespace mica::test {

/// Words in random order: compresses as text does.
inline std::string text_like(std::size_t size, std::uint32_t seed = 1)
{
    static const char *const words[]{"the ",   "file ",  "layer ",  "of ", "#include <", "return ",
                                     "0x1f, ", "\n    ", "static ", "{ ",  "};\n",       "image ",
                                     "digest", "::",     "const ",  "std"};
    std::minstd_rand random{seed};
    std::string out;
    out.reserve(size + 16);
    while (out.size() < size) {
        out += words[(random() >> 5) % std::size(words)];
        if (random() % 7 == 0)
            out += std::to_string(random() % 10000);
    }
    out.resize(size);
    return out;
}

/// Bytes that no encoder makes smaller.
inline std::string noise(std::size_t size, std::uint32_t seed = 1)
{
    std::mt19937 random{seed};
    std::string out(size, '\0');
    for (char &c : out)
        c = static_cast<char>(random() >> 13);
    return out;
}

} // namespace mica::test
