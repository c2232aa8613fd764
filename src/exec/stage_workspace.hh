#pragma once
/// @file
/// The workspace of one stage: opened by its first RUN, kept in step with the layers
/// that other instructions make in between.
#include "exec/step_context.hh"
#include "sandbox/sandbox.hh"
#include <cstddef>
#include <memory>
#include <stop_token>

namespace mica::exec {

/// Used by one thread. A stage without a RUN never opens one, and so never extracts
/// its base.
class StageWorkspace {
public:
    explicit StageWorkspace(const StepContext &context) : context_{context} {}

    /// A workspace whose root is exactly `root`.
    [[nodiscard]] sandbox::Workspace &at(const RootFs &root, TaskId parent, const std::stop_token &stop);
    /// Its own last RUN became a layer: that one need not be put on top.
    void sealed_as_layer() { ++layers_; }
    /// The next RUN begins with a new one, made of layers alone.
    void forget() { workspace_.reset(); }

private:
    const StepContext &context_;
    std::unique_ptr<sandbox::Workspace> workspace_;
    std::size_t layers_ = 0; ///< how many of the root's layers it has
};

} // namespace mica::exec
