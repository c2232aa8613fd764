#pragma once
/// @file
/// `mica build-all`: every image of a tree, in the order that they need, side by side where they can be.
#include "cli/build_options.hh"
#include "cli/environment.hh"
#include "cli/images/image_tree.hh"
#include "cli/option.hh"
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::cli {

struct BuildAllRequest {
    std::string root;              ///< the tree
    std::string registry;          ///< "registry.example/group"
    std::vector<std::string> tags; ///< empty: those of the pipeline, else "latest"
    std::set<std::string> only;    ///< empty: all images
    BuildOptions build;            ///< what is the same for all
};

[[nodiscard]] CommandSpec build_all_command_spec(BuildAllRequest &into);

/// What "mica build" would be told for one image. Throws Error (usage).
[[nodiscard]] BuildOptions build_options_of(const BuildAllRequest &request, const ImageFolder &folder,
                                            const Environment &environment);

/// Builds and shows it on standard error; returns the exit status. Failures are shown, not thrown.
[[nodiscard]] int run_build_all(const BuildAllRequest &request, const Environment &environment,
                                const std::stop_token &stop);

} // namespace mica::cli
