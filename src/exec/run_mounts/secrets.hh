#pragma once
/// @file
/// RUN --mount=type=secret.
#include "exec/build.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <optional>
#include <string>

namespace mica::exec {

/// What a command gets of a secret: a file, a variable, or both.
struct OpenedSecret {
    std::optional<sandbox::Mount> file;
    std::optional<std::string> variable; ///< the value for MountSpec::env
};

/// Reads the secret only now. One that the user did not give is left out, unless it is
/// required: Error (not_found). No error holds a byte of it.
[[nodiscard]] OpenedSecret open_secret(const plan::MountSpec &spec, const BuildRequest &request);

} // namespace mica::exec
