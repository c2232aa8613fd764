#include "base/event.hh"

#include <atomic>
#include <exception>
#include <utility>

namespace mica {

namespace {

/// Ids need only be unique in the process; the counter carries no state that
/// one build could see of another.
TaskId next_task_id()
{
    static std::atomic<std::uint64_t> counter{0};
    return TaskId{++counter};
}

} // namespace

Task::Task(EventBus &bus, TaskId parent, TaskKind kind, std::string name, SourceSpan where)
    : bus_{bus}, id_{next_task_id()}, exceptions_on_entry_{std::uncaught_exceptions()}
{
    bus_.publish(event::TaskStarted{id_, parent, kind, std::move(name), std::move(where)});
}

Task::~Task()
{
    finish(std::uncaught_exceptions() > exceptions_on_entry_ ? TaskResult::failed : TaskResult::done);
}

void Task::progress(std::uint64_t done, std::uint64_t total) noexcept
{
    bus_.publish(event::TaskProgress{id_, done, total});
}

void Task::output(std::string bytes, bool is_stderr) noexcept
{
    bus_.publish(event::TaskOutput{id_, is_stderr, std::move(bytes)});
}

void Task::finish(TaskResult result, std::string detail) noexcept
{
    if (std::exchange(finished_, true))
        return;
    bus_.publish(event::TaskFinished{id_, result, std::move(detail)});
}

} // namespace mica
