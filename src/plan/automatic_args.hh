#pragma once
/// @file
/// The arguments that every Dockerfile has without declaring a value: BUILD*, TARGET*.
#include "dockerfile/words.hh"
#include "plan/planner.hh"
#include <string_view>

namespace mica::plan {

/// BUILDPLATFORM … TARGETSTAGE. `target` is the name of the stage that is built, empty
/// if it has none. A build argument of the same name wins.
[[nodiscard]] dockerfile::EnvList automatic_args(const PlanOptions &options, std::string_view target);

} // namespace mica::plan
