#pragma once
/// @file
/// `mica plan`: what a pipeline has to do for a tree of images.
#include "cli/environment.hh"
#include "cli/option.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::cli {

struct PlanRequest {
    std::string root;   ///< the tree
    std::string format; ///< "gitlab", "list"
    std::optional<std::string> changed_since;
    std::string job_template = "/.gitlab/image.yml";
};

[[nodiscard]] CommandSpec plan_command_spec(PlanRequest &into);
/// The text for standard output. Throws Error.
[[nodiscard]] std::string plan_text(const PlanRequest &request);

} // namespace mica::cli
