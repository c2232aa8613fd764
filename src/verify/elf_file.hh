#pragma once
/// @file
/// The sections of an ELF file in memory (System V ABI, 32 and 64 bits, either byte order).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

struct ElfSection {
    std::string name;
    std::string_view bytes; ///< into the file; empty for .bss
};

/// nullopt: it is no ELF file, or what it says of itself lies outside it. At most 10,000 sections.
[[nodiscard]] std::optional<std::vector<ElfSection>> read_sections(std::string_view file);

/// Runs of at least six printable ASCII characters, a line each, at most `most_bytes` of them.
[[nodiscard]] std::string printable_strings(std::string_view bytes, std::size_t most_bytes = 1 << 20);

} // namespace mica::verify
