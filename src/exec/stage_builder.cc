#include "exec/stage_builder.hh"

#include "base/stop.hh"
#include "exec/layer_commit.hh"
#include "exec/stage_workspace.hh"
#include "exec/step_copy.hh"
#include "exec/step_run.hh"
#include "exec/step_workdir.hh"
#include <fmt/format.h>
#include <variant>

namespace mica::exec {

namespace {

/// "[build 2/5] RUN make": FROM is the first of the numbered steps.
std::string step_title(const plan::Stage &stage, std::size_t step)
{
    return fmt::format("[{} {}/{}] {}", stage.name, step + 2, stage.steps.size() + 1, stage.steps[step].name);
}

class StageBuild {
public:
    StageBuild(const plan::Stage &stage, RootFs base, const StepContext &context)
        : stage_{stage}, root_{std::move(base)}, context_{context}, workspace_{context}
    {
    }

    void step(std::size_t number, TaskId parent, const std::stop_token &stop)
    {
        const auto &step = stage_.steps[number];
        Task task{context_.services.bus, parent, TaskKind::step, step_title(stage_, number), step.where};
        at_span(step.where, [&] {
            const StepSite site{root_, stage_.platform, task.id()};
            const auto changes =
                std::visit([&](const auto &operation) { return run(operation, site, stop); }, step.operation);
            auto committed = commit_layer(*changes, context_, stop);
            if (std::holds_alternative<plan::RunStep>(step.operation))
                workspace_.sealed_as_layer();
            root_.append(std::move(committed.layer), std::move(committed.changes), stop);
        });
    }

    [[nodiscard]] RootFs root() && { return std::move(root_); }

private:
    std::unique_ptr<layer::ChangeSource> run(const plan::CopyStep &step, const StepSite &site,
                                             const std::stop_token &stop)
    {
        return copy_changes(step, site, context_, stop);
    }
    std::unique_ptr<layer::ChangeSource> run(const plan::WorkdirStep &step, const StepSite &site,
                                             const std::stop_token &stop)
    {
        return workdir_changes(step, site, context_, stop);
    }
    std::unique_ptr<layer::ChangeSource> run(const plan::RunStep &step, const StepSite &site,
                                             const std::stop_token &stop)
    {
        return run_changes(step, site, workspace_, context_, stop);
    }

    const plan::Stage &stage_;
    RootFs root_;
    const StepContext &context_;
    StageWorkspace workspace_;
};

} // namespace

RootFs build_stage(const plan::Stage &stage, RootFs base, const StepContext &context, TaskId parent,
                   const std::stop_token &stop)
{
    StageBuild build{stage, std::move(base), context};
    for (std::size_t number = 0; number < stage.steps.size(); ++number) {
        throw_if_stopped(stop);
        build.step(number, parent, stop);
    }
    return std::move(build).root();
}

} // namespace mica::exec
