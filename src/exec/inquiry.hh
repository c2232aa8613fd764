#pragma once
/// @file
/// What can be said of a Dockerfile without building it (--check, --call).
#include "base/event.hh"
#include "exec/build.hh"
#include "plan/check.hh"
#include "plan/outline.hh"
#include "plan/targets.hh"
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// The build checks' remarks. Base images are resolved, as their configs matter. Throws
/// Error only where the text is no Dockerfile at all; Cancelled.
[[nodiscard]] plan::CheckReport check(const BuildRequest &request, Services &services,
                                      const std::stop_token &stop);

/// What the target can be given. Throws Error, Cancelled.
[[nodiscard]] plan::Outline outline(const BuildRequest &request, Services &services,
                                    const std::stop_token &stop);

/// What the target takes from elsewhere, on every platform that is asked for. Throws Error, Cancelled.
[[nodiscard]] std::vector<ResolvedInput> resolve_inputs(const BuildRequest &request, Services &services,
                                                        const std::stop_token &stop);

/// The stages that would be built, in an order in which they can be, and their steps, a line each. Throws
/// Error, Cancelled.
[[nodiscard]] std::string plan_text(const BuildRequest &request, Services &services,
                                    const std::stop_token &stop);

/// The stages that can be built. Throws Error.
[[nodiscard]] std::vector<plan::TargetInfo> targets(const BuildRequest &request, Services &services);

} // namespace mica::exec
