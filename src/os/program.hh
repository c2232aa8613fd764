#pragma once
/// @file
/// A program of the host, run to its end for its output.
#include "os/process.hh"
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mica::os {

/// The file that a name means in a search path ("/bin:/usr/bin"); nullopt: none that can be
/// executed. Empty and relative directories of the path are passed over.
[[nodiscard]] std::optional<std::string> find_program(std::string_view name, std::string_view search_path);

struct ProgramResult {
    Ended ended;
    std::string out; ///< at most `limit` bytes
    std::string err; ///< the last 16 KiB
};

/// Runs `argv` (an absolute path first) with exactly this environment and an empty standard input.
/// When stopped, the program and its process group are killed and Cancelled is thrown. Throws Error
/// (io) if it cannot be started, and (integrity) if it writes more than `limit` bytes.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string> &argv,
                                        const std::vector<std::string> &environment, std::size_t limit,
                                        const std::stop_token &stop);

} // namespace mica::os
