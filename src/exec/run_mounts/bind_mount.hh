#pragma once
/// @file
/// RUN --mount=type=bind.
#include "exec/content_names.hh"
#include "exec/run_mounts/input_view.hh"
#include "exec/step_context.hh"
#include "layer/change.hh"
#include "plan/plan.hh"
#include "sandbox/sandbox.hh"
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

/// What is shown of a stage or image are its layers themselves, mounted once more. What is
/// shown of a context are the files that the ignore file leaves, all owned by root: they
/// are packed into a tar for the workspace, so that each backend shows them right and
/// writes never reach the user's directory.
class BindMount {
public:
    /// Finds what is to be shown. Throws Error (not_found) if it is not there (of an image:
    /// mounting does).
    BindMount(const plan::MountSpec &spec, const StepContext &context, TaskId task,
              const std::stop_token &stop);

    /// Of the cache key: depends on what is shown, as far as the command can see it.
    [[nodiscard]] std::string content_key(Naming naming) const;
    /// Whether the two namings can differ.
    [[nodiscard]] bool shows_layer_files() const { return bool{describe_exactly_}; }
    [[nodiscard]] sandbox::Mount mount(const StepContext &context, TaskId task) const;

private:
    void take_from_context(const StepContext &context, TaskId task, const std::stop_token &stop);
    void describe_stage(const StepContext &context, TaskId task, const std::stop_token &stop);
    [[nodiscard]] sandbox::Mount unpacked() const;

    const plan::MountSpec &spec_;
    std::string content_key_;
    std::function<std::string()> describe_exactly_; ///< empty: content_key_ is exact
    /// Of a context alone:
    InputView input_;
    std::shared_ptr<const std::vector<layer::Change>> files_;
};

} // namespace mica::exec
