#pragma once
/// @file
/// What surrounds the process, as a value, so that nothing below main() asks for it.
#include <map>
#include <optional>
#include <string>

namespace mica::cli {

struct Environment {
    std::map<std::string, std::string> variables;
    bool is_root = false;

    /// An empty variable counts as unset.
    [[nodiscard]] std::optional<std::string> get(const std::string &name) const;
    /// That of this process.
    [[nodiscard]] static Environment of_process();
};

} // namespace mica::cli
