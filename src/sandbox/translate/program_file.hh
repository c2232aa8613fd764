#pragma once
/// @file
/// What an executable file is: execve(2) reads the same, in another root directory.
#include "sandbox/supervisor/abi.hh"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mica::sandbox {

/// The first line of a script.
struct Script {
    std::string interpreter;
    std::optional<std::string> argument; ///< the rest of the line is one argument
};

/// `start`: the file's first bytes, 256 at most. nullopt if it is no script. Throws CallFailed (ENOEXEC).
[[nodiscard]] std::optional<Script> parse_script(std::string_view start);

/// A part of a program that is loaded (elf(5), PT_LOAD).
struct Segment {
    std::uint64_t address = 0, memory_size = 0;
    std::uint64_t offset = 0, file_size = 0;
    int protection = 0; ///< PROT_…
};

struct ElfProgram {
    Abi abi{};
    bool is_fixed = false;   ///< goes where its addresses say (ET_EXEC), else anywhere
    std::string interpreter; ///< the dynamic loader; empty for a program that needs none
    std::uint64_t entry = 0;
    std::uint64_t headers = 0; ///< address of the program headers when it is loaded
    std::uint64_t header_count = 0, header_size = 0;
    std::vector<Segment> segments; ///< by address
};

/// From an open file, of a program for this machine; nothing in it is believed. Throws CallFailed (ENOEXEC).
[[nodiscard]] ElfProgram read_elf(int file);

} // namespace mica::sandbox
