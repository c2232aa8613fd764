#pragma once
/// @file
/// Files whose path says enough about why they differ.
#include "verify/report.hh"
#include <optional>
#include <string_view>

namespace mica::verify {

struct PathRule {
    std::string_view prefix;
    const char *code, *sentence;
    bool always_varies; ///< from build to build, whatever the input
};

/// The first rule that fits; nullptr: none.
[[nodiscard]] const PathRule *find_path_rule(std::string_view path);

[[nodiscard]] std::optional<Cause> cause_by_path(std::string_view path);

} // namespace mica::verify
