#pragma once
/// @file
/// The last lines that commands wrote: to be shown while they run, and if they fail.
#include "base/event.hh"
#include "ui/task_table.hh"
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace mica::ui {

/// By heading; each a hundred lines at most, fit to be shown (no control characters).
class OutputTails {
public:
    using Lines = std::deque<std::string>;

    /// `row` is that of the task which wrote.
    void add(TaskRow &row, const event::TaskOutput &output);
    /// The task ends: what has no newline is a line.
    void complete(TaskRow &row);
    /// Null if nothing was written.
    [[nodiscard]] const Lines *find(TaskId heading) const;
    void erase(TaskId heading) { tails_.erase(heading); }

private:
    void keep(TaskId heading, std::string_view line);

    std::map<TaskId, Lines> tails_;
};

} // namespace mica::ui
