#pragma once
/// @file
/// Ranges of Unicode 14's general categories, ascending and apart.
#include <span>

namespace mica::dockerfile {

struct CodePointRange {
    char32_t first, last; ///< both included
};

/// Categories Lu, Ll, Lt, Lm and Lo, from U+0080 on.
[[nodiscard]] std::span<const CodePointRange> unicode_letters();
/// Category Nd, from U+0080 on.
[[nodiscard]] std::span<const CodePointRange> unicode_digits();
/// Assigned code points with no glyph of their own: Cc, Cf, Cs, Co, Zs, Zl and Zp, from U+0080 on.
[[nodiscard]] std::span<const CodePointRange> unicode_unprintable();

} // namespace mica::dockerfile
