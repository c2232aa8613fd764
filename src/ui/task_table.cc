#include "ui/task_table.hh"

namespace mica::ui {

TaskRow &TaskTable::start(const event::TaskStarted &task, TimePoint at)
{
    auto &row = rows_[task.id];
    row.id = task.id;
    row.parent = task.parent;
    row.kind = task.kind;
    row.name = task.name;
    row.started = at;
    row.heading = task.id;
    if (is_group(task.kind))
        return row;
    if (const auto *parent = find(task.parent); parent != nullptr && !is_group(parent->kind)) {
        row.heading = parent->heading;
        row.number = parent->number;
    } else {
        row.number = ++numbers_;
    }
    return row;
}

TaskRow *TaskTable::find(TaskId id)
{
    const auto found = rows_.find(id);
    return found == rows_.end() ? nullptr : &found->second;
}

} // namespace mica::ui
