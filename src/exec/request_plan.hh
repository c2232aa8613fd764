#pragma once
/// @file
/// From a request to what the planner takes.
#include "base/event.hh"
#include "dockerfile/instruction.hh"
#include "exec/build.hh"
#include "oci/model.hh"
#include "plan/planner.hh"

namespace mica::exec {

/// The Dockerfile, parsed once for all platforms.
struct ParsedDockerfile {
    dockerfile::Ast ast;
    dockerfile::Program program;
};

/// Throws Error (dockerfile).
[[nodiscard]] ParsedDockerfile parse_dockerfile(const BuildRequest &request);

/// Remarks are published on `bus` as they come, which must outlive the options.
[[nodiscard]] plan::PlanOptions plan_options(const BuildRequest &request, const oci::Platform &platform,
                                             EventBus &bus);

} // namespace mica::exec
