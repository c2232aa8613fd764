#pragma once
/// @file
/// Runs a helper program to its end: credential helpers, credential_process.
#include <chrono>
#include <string>
#include <vector>

namespace mica::auth {

struct ChildResult {
    int status = 0; ///< as a shell shows it: 128 + signal for a killed one
    std::string out, err;
};

/// Searches `argv[0]` in PATH, gives it `input` as standard input and this process' environment,
/// collects at most `limit` bytes of either output. Throws Error (not_found) when there is no
/// such program, Error (denied) when it runs longer than `timeout` (it is killed) or
/// writes more. May be called from any thread.
[[nodiscard]] ChildResult run_child(const std::vector<std::string> &argv, const std::string &input,
                                    std::chrono::milliseconds timeout, std::size_t limit);

} // namespace mica::auth
