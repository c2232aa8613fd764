#pragma once
/// @file
/// The environment variables that Kaniko reads, and what mica does with each.
#include "cli/environment.hh"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mica::cli::kaniko {

struct Variable {
    std::string_view name;
    std::string_view what; ///< a sentence
};

/// Those that are no flag's default.
[[nodiscard]] std::span<const Variable> variables();
/// FF_KANIKO_…, without that prefix. Each of them turns on what is right; mica does it always.
[[nodiscard]] std::span<const Variable> feature_flags();

/// Warnings about variables of this environment that would change a build with Kaniko, and do not here.
[[nodiscard]] std::vector<std::string> remarks_on_variables(const Environment &environment);

/// FF_KANIKO_COPY_AS_ROOT=0: Kaniko's owner of what is copied. Throws Error (usage).
[[nodiscard]] bool copies_as_user(const Environment &environment);

} // namespace mica::cli::kaniko
