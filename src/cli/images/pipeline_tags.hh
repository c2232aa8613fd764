#pragma once
/// @file
/// The tags of images that a pipeline builds.
#include "base/clock.hh"
#include "cli/environment.hh"
#include <optional>
#include <string>
#include <vector>

namespace mica::cli {

struct PipelineTags {
    std::vector<std::string>
        tags;            ///< the first one is that of the commit, which images of a tree name each other by
    bool latest = false; ///< the tag "latest", too
    std::optional<Time> commit_time;
};

/// From GitLab's variables: the commit's name; the branch's or tag's (unless that is "latest", a name which
/// only the default branch may move); "latest" on the default branch. nullopt: this is no pipeline. Throws
/// Error (usage).
[[nodiscard]] std::optional<PipelineTags> pipeline_tags(const Environment &environment);

} // namespace mica::cli
