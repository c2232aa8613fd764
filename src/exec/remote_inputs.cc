#include "exec/remote_inputs.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "exec/copy/step_check.hh"
#include <variant>

namespace mica::exec {

namespace {

class Fetching {
public:
    Fetching(const BuildRequest &request, RemoteFiles &remote, TaskId task, const std::stop_token &stop)
        : request_{request}, remote_{remote}, task_{task}, stop_{stop}
    {
    }

    void stage(const plan::Stage &stage)
    {
        at_span(stage.where, [&] { context(stage.base); });
        for (const auto &step : stage.steps) {
            throw_if_stopped(stop_);
            at_span(step.where, [&] { std::visit([&](const auto &it) { operation(it); }, step.operation); });
        }
    }

private:
    void operation(const plan::CopyStep &step)
    {
        context(step.from);
        if (!step.is_add)
            return;
        for (const auto &source : step.sources)
            if (auto found = context::parse_remote_source(source))
                static_cast<void>(remote_.view(with_flags(std::move(*found), step), task_, stop_));
    }

    void operation(const plan::RunStep &step)
    {
        for (const auto &mount : step.mounts)
            context(mount.from);
    }

    void operation(const plan::WorkdirStep &) {}

    void context(const plan::Input &input)
    {
        const auto *named = std::get_if<plan::ContextInput>(&input);
        if (named == nullptr || named->name.empty())
            return;
        const auto *found = find_named_context(request_, named->name);
        const auto *elsewhere = found != nullptr ? std::get_if<RemoteContext>(found) : nullptr;
        if (elsewhere != nullptr)
            static_cast<void>(remote_.open(elsewhere->source, task_, stop_));
    }

    const BuildRequest &request_;
    RemoteFiles &remote_;
    TaskId task_;
    const std::stop_token &stop_;
};

} // namespace

void fetch_all(const plan::BuildPlan &plan, const BuildRequest &request, RemoteFiles &remote, TaskId task,
               const std::stop_token &stop)
{
    Fetching fetching{request, remote, task, stop};
    for (const auto &stage : plan.stages)
        fetching.stage(stage);
}

} // namespace mica::exec
