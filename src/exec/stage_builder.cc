#include "exec/stage_builder.hh"

#include "base/stop.hh"
#include "exec/fixups.hh"
#include "exec/layer_commit.hh"
#include "exec/stage_workspace.hh"
#include "exec/step_cache.hh"
#include "exec/step_copy.hh"
#include "exec/step_key.hh"
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
    StageBuild(const plan::Stage &stage, RootFs base, const StepContext &context,
               const LayerListener &listener)
        : stage_{stage}, root_{std::move(base)}, context_{context}, listener_{listener}, workspace_{context}
    {
    }

    /// A named context that is a directory stands for the base: its files are the root.
    void start_from(const plan::ContextInput &directory, TaskId parent, const std::stop_token &stop)
    {
        Task task{context_.services.bus, parent, TaskKind::step,
                  fmt::format("[{}] FROM {}", stage_.name, directory.name), stage_.where};
        plan::CopyStep everything;
        everything.sources = {"."};
        everything.destination = "/";
        everything.from = directory;
        const StepSite site{root_, stage_.platform, task.id(), {stage_.name, 0, "FROM " + directory.name}};
        append(run(everything, site, stop), stop);
    }

    void step(std::size_t number, TaskId parent, const std::stop_token &stop)
    {
        const auto &step = stage_.steps[number];
        Task task{context_.services.bus, parent, TaskKind::step, step_title(stage_, number), step.where};
        at_span(step.where, [&] {
            const StepSite site{root_, stage_.platform, task.id(), place_of(number)};
            auto made =
                std::visit([&](const auto &operation) { return run(operation, site, stop); }, step.operation);
            if (made.is_hit)
                task.finish(TaskResult::cached);
            append(std::move(made), stop);
        });
    }

    [[nodiscard]] RootFs root() && { return std::move(root_); }

private:
    [[nodiscard]] cache::StepPlace place_of(std::size_t number) const
    {
        return {context_.request.dockerfile_name + " " + stage_.name, static_cast<std::uint32_t>(number + 1),
                stage_.steps[number].name};
    }

    void append(StepLayer made, const std::stop_token &stop)
    {
        has_missed_ = has_missed_ || !made.is_hit;
        // Of one that was made just now, commit_layer() has told.
        if (made.is_hit && listener_.made)
            listener_.made(made.layer);
        root_.append(std::move(made.layer), made.created, std::move(made.changes), stop);
    }

    /// What follows a miss is mostly its consequence: only the first one is explained unasked.
    [[nodiscard]] CacheUse cache_use(bool is_wanted) const
    {
        const bool always = context_.request.explain_cache;
        return {context_.services.cache != nullptr && is_wanted, always || !has_missed_, always};
    }

    StepLayer run(const plan::CopyStep &step, const StepSite &site, const std::stop_token &stop)
    {
        const auto copied = copied_files(step, site, context_, stop);
        return commit_list(copied.changes, site, stop);
    }

    StepLayer run(const plan::WorkdirStep &step, const StepSite &site, const std::stop_token &stop)
    {
        return commit_list(workdir_changes(step, site, context_, stop), site, stop);
    }

    StepLayer run(const plan::RunStep &step, const StepSite &site, const std::stop_token &stop)
    {
        const RunMounts mounts{step, site, context_, stop};
        const auto make = [&] {
            const auto &fixups = context_.request.fixups;
            const auto &ignored = context_.request.ignored;
            const auto changes = with_fixups(
                without_ignored(run_changes(step, mounts, site, workspace_, context_, stop), ignored), fixups,
                context_.epoch);
            auto committed = commit_layer(*changes, context_, listener_, stop);
            // What the next RUN sees must not depend on whether this one came from the cache. Where the layer
            // is not what the command left (times, fixups, ignored paths), the layer is put on top, or is all
            // there is.
            if (!fixups.empty() || !ignored.empty())
                workspace_.forget();
            else if (!context_.epoch)
                workspace_.sealed_as_layer();
            return committed;
        };
        const auto use = cache_use(context_.request.cached.run);
        if (!use.enabled)
            return made_now(make(), context_);
        return through_cache(run_keys(step, mounts, site, context_), site, context_, use, make, stop);
    }

    StepLayer commit_list(const std::vector<layer::Change> &all, const StepSite &site,
                          const std::stop_token &stop)
    {
        const auto changes = without_ignored(all, context_.request.ignored);
        const auto use = cache_use(context_.request.cached.copy);
        if (!use.enabled) {
            layer::ChangeList list{changes};
            return made_now(commit_layer(list, context_, listener_, stop), context_);
        }
        ContentNames contents{changes, context_, stop};
        const auto make = [&] {
            const auto source = contents.read_along();
            return commit_layer(*source, context_, listener_, stop);
        };
        return through_cache(changes_keys(contents, context_), site, context_, use, make, stop);
    }

    const plan::Stage &stage_;
    RootFs root_;
    const StepContext &context_;
    const LayerListener &listener_;
    StageWorkspace workspace_;
    bool has_missed_ = false;
};

} // namespace

RootFs build_stage(const plan::Stage &stage, RootFs base, const StepContext &context,
                   const LayerListener &listener, TaskId parent, const std::stop_token &stop)
{
    StageBuild build{stage, std::move(base), context, listener};
    if (const auto *directory = std::get_if<plan::ContextInput>(&stage.base))
        build.start_from(*directory, parent, stop);
    for (std::size_t number = 0; number < stage.steps.size(); ++number) {
        throw_if_stopped(stop);
        build.step(number, parent, stop);
    }
    return std::move(build).root();
}

} // namespace mica::exec
