#pragma once
/// @file
/// Which isolation this machine allows, for people.
#include "sandbox/sandbox.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::sandbox {

struct Examined {
    std::string name; ///< of the backend
    bool works = false;
    std::string why;                 ///< it does not; or what is less than it could be
    std::optional<std::string> hint; ///< what would allow it
};

/// Tries every backend as choose_backend() does, strongest first. The first one that works is what
/// "auto" takes.
[[nodiscard]] std::vector<Examined> examine_backends(const Options &options);

} // namespace mica::sandbox
