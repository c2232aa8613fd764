#pragma once
/// @file
/// What the steps of one build share.
#include "base/clock.hh"
#include "base/event.hh"
#include "cache/entry.hh"
#include "exec/build.hh"
#include "exec/layer_catalog.hh"
#include "exec/remote_files.hh"
#include "exec/root_fs.hh"
#include "plan/plan.hh"
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// Read-only for the steps but for the services behind it; outlives them. Everything
/// here may be used from any thread.
struct StepContext {
    const BuildRequest &request;
    Services &services;
    const plan::BuildPlan &plan;
    LayerCatalog &catalog;
    /// SOURCE_DATE_EPOCH of the environment or the Dockerfile: no time in the image is later.
    std::optional<Time> epoch;
    Time created; ///< of this build's history entries and of directories that it makes
    /// The finished root of a stage, an image, or scratch; a ContextInput has none.
    std::function<RootFs(const plan::Input &)> root_of;
    /// The files of a context given by the user: "" is the main one.
    std::function<std::shared_ptr<const context::Context>(const std::string &name)> context_of;
    RemoteFiles &remote;
};

/// A step's place in its stage.
struct StepSite {
    const RootFs &root; ///< what the step starts from
    oci::Platform platform;
    TaskId task;
    cache::StepPlace place{}; ///< to explain a miss
};

} // namespace mica::exec
