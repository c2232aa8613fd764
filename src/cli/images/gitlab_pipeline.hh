#pragma once
/// @file
/// A child pipeline for GitLab that builds the images of a tree.
#include "cli/images/image_tree.hh"
#include <set>
#include <string>
#include <vector>

namespace mica::cli {

/// YAML: one job for each image of `wanted`, which extends `.image` of the template and has the variables
/// IMAGE, IMAGES (the tree), and `needs` where it is FROM another job's image; a job that does nothing where
/// no image is wanted, as a pipeline without jobs is an error. `root` is as the jobs see it.
[[nodiscard]] std::string gitlab_pipeline(const std::vector<ImageFolder> &tree,
                                          const std::set<std::string> &wanted, const std::string &root,
                                          const std::string &job_template);

} // namespace mica::cli
