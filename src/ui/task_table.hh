#pragma once
/// @file
/// The running tasks, in the shape that people see: numbered headings with
/// activities below them.
#include "base/event.hh"
#include "ui/lines.hh"
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace mica::ui {

using TimePoint = std::chrono::system_clock::time_point;

struct TaskRow {
    TaskId id, parent;
    TaskKind kind{};
    std::string name;
    TimePoint started;
    std::uint64_t done = 0, total = 0;
    /// The task under which this one is shown: itself for a heading.
    TaskId heading;
    unsigned number = 0;                ///< of the heading, counted from 1
    std::array<LineSplitter, 2> output; ///< standard output, standard error

    [[nodiscard]] bool is_heading() const { return heading == id; }
};

/// A build and its stages only group others and are not shown. The outermost other
/// task is a heading; tasks below it are its activities.
class TaskTable {
public:
    TaskRow &start(const event::TaskStarted &task, TimePoint at);
    /// Null for a task that never started or has ended.
    [[nodiscard]] TaskRow *find(TaskId id);
    void erase(TaskId id) { rows_.erase(id); }
    /// In the order of their start.
    [[nodiscard]] const std::map<TaskId, TaskRow> &rows() const { return rows_; }

    [[nodiscard]] static bool is_group(TaskKind kind)
    {
        return kind == TaskKind::build || kind == TaskKind::stage;
    }

private:
    std::map<TaskId, TaskRow> rows_; // ids rise with time
    unsigned numbers_ = 0;
};

} // namespace mica::ui
