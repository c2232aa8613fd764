#pragma once
/// @file
/// A stage while its instructions are applied, and after.
#include "dockerfile/words.hh"
#include "plan/base_images.hh"
#include "plan/outline_capture.hh"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mica::plan {

struct StageState {
    Input base;
    oci::Platform platform;
    oci::ImageConfig image;
    /// What instructions and RUNs see: the image's Env and the values of ARGs.
    dockerfile::EnvList environment;
    /// ARGs so far with their values, in order, repeated ones too.
    std::vector<std::pair<std::string, std::string>> arguments;
    std::vector<Step> steps;
    OutlineCapture outline;
    bool has_workdir = false;                               ///< a WORKDIR stood in this Dockerfile
    std::optional<SourceSpan> cmd, entrypoint, healthcheck; ///< the last of each in this stage
};

/// Ready for the first instruction of a stage that starts from an image.
[[nodiscard]] StageState start_stage(Base base);
/// …that starts from a stage: inherits all but its steps, its ONBUILD and what was
/// said of CMD, ENTRYPOINT and HEALTHCHECK. `input` is that stage.
[[nodiscard]] StageState start_stage(const StageState &parent, Input input);

/// Adds to the history. Returns the index of the entry.
std::uint32_t add_history(StageState &stage, std::string created_by, bool has_layer);

} // namespace mica::plan
